// Verifies seals with the package jose: standard input is [{ seal, pem, alg }], standard output
// says of each whether its signature holds.
import { generalVerify, importSPKI } from "jose";

const chunks = [];
for await (const chunk of process.stdin) chunks.push(chunk);

const answers = [];
for (const { seal, pem, alg } of JSON.parse(Buffer.concat(chunks).toString("utf8"))) {
  try {
    const key = await importSPKI(pem, alg);
    const found = await generalVerify(seal, key, { crit: { sigT: true }, algorithms: [alg] });
    answers.push({ payload: Buffer.from(found.payload).toString("utf8") });
  } catch (error) {
    answers.push({ error: error.code ?? String(error) });
  }
}
process.stdout.write(JSON.stringify(answers));
