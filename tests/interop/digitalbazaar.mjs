// Runs the tasks on standard input with Digital Bazaar's packages; test_digitalbazaar.py starts it.
//
// In:  {"documents": {url: document}, "tasks": [{"do": "verify", …}, …]}
// Out: [{"ok": true, …} or {"ok": false, "error": text}, …], one for each task.
// Nothing is fetched: what is not among the documents does not exist.
import * as Ed25519Multikey from '@digitalbazaar/ed25519-multikey';
import * as vc from '@digitalbazaar/vc';
import {DataIntegrityProof} from '@digitalbazaar/data-integrity';
import {checkStatus} from '@digitalbazaar/vc-bitstring-status-list';
import {cryptosuite} from '@digitalbazaar/eddsa-rdfc-2022-cryptosuite';
import jsonld from 'jsonld';
import {text} from 'node:stream/consumers';

const {documents, tasks} = JSON.parse(await text(process.stdin));

async function documentLoader(url) {
  const document = documents[url] ?? keyDocument(url);
  if(document === undefined) {
    throw new Error(`not among the documents: ${url}`);
  }
  return {contextUrl: null, documentUrl: url, document};
}

// A verification method out of its DID document, as a DID resolver gives it.
function keyDocument(url) {
  const [controller, fragment] = url.split('#');
  const methods = documents[controller]?.verificationMethod ?? [];
  const method = fragment && methods.find(({id}) => id === url);
  return method && {'@context': 'https://w3id.org/security/multikey/v1', ...method};
}

// The code of every error that is inside an error.
function explain(error) {
  const inner = [error.cause, ...(error.errors ?? [])].filter(each => each instanceof Error);
  return [error.message, ...inner.map(explain)].join(' | ');
}

function answer({verified, error}) {
  return verified ? {ok: true} : {ok: false, error: explain(error)};
}

const suite = new DataIntegrityProof({cryptosuite});

const actions = {
  async verify({credential, now}) {
    let statuses = [];
    const result = await vc.verifyCredential({
      credential, suite, documentLoader, now: new Date(now),
      // Verifies the list, and gives the value of each entry.
      checkStatus: async options => {
        const found = await checkStatus({...options, suite, documentLoader});
        statuses = (found.results ?? []).map(({status}) => status);
        return found;
      }
    });
    return {...answer(result), statuses};
  },

  async verifyPresentation({presentation, challenge, domain, now}) {
    return answer(await vc.verify({
      presentation, challenge, domain, suite, documentLoader, now: new Date(now)
    }));
  },

  async issue({credential, secretKeyMultibase, publicKeyMultibase, verificationMethod, created}) {
    const [controller] = verificationMethod.split('#');
    const key = await Ed25519Multikey.from({
      '@context': 'https://w3id.org/security/multikey/v1',
      id: verificationMethod, type: 'Multikey', controller, publicKeyMultibase, secretKeyMultibase
    });
    const signing = new DataIntegrityProof({signer: key.signer(), cryptosuite, date: created});
    return {ok: true, credential: await vc.issue({
      credential, suite: signing, documentLoader, now: new Date(created)
    })};
  },

  async canonize({document}) {
    return {ok: true, canonical: await jsonld.canonize(document, {
      algorithm: 'RDFC-1.0', format: 'application/n-quads', base: null, safe: true,
      rdfDirection: 'i18n-datatype', documentLoader
    })};
  }
};

const results = [];
for(const task of tasks) {
  try {
    results.push(await actions[task.do](task));
  } catch(error) {
    results.push({ok: false, error: explain(error)});
  }
}
process.stdout.write(JSON.stringify(results));
