// Canonicalizes documents with jsonld.js; oracles.py keeps it running.
//
// The first line in: {list name: {url: context document}}.
// Every other line in: {"list": name, "document": document, "maxWorkFactor": number}.
// A line out for each of these: {"canonical": text} or {"error": text}. Nothing is fetched: what is
// not in the list does not exist.
import jsonld from 'jsonld';
import {createInterface} from 'node:readline';

let lists;

function loaderFor(documents) {
  return async url => {
    if(!Object.hasOwn(documents, url)) {
      throw new Error(`not in the list: ${url}`);
    }
    return {contextUrl: null, documentUrl: url, document: documents[url]};
  };
}

// The code of every error that is inside an error.
function explain(error) {
  const code = error.details?.code ?? error.details?.event?.code;
  const cause = error.details?.cause ?? error.cause;
  return [code ?? error.message, ...(cause instanceof Error ? [explain(cause)] : [])].join(' | ');
}

async function canonize({list, document, maxWorkFactor}) {
  try {
    const canonical = await jsonld.canonize(document, {
      base: null, safe: true, rdfDirection: 'i18n-datatype',
      documentLoader: loaderFor(lists[list]),
      canonizeOptions: {algorithm: 'RDFC-1.0', maxWorkFactor}
    });
    return {canonical};
  } catch(error) {
    return {error: explain(error)};
  }
}

for await (const line of createInterface({input: process.stdin, crlfDelay: Infinity})) {
  const request = JSON.parse(line);
  if(lists === undefined) {
    lists = request;
  } else {
    process.stdout.write(`${JSON.stringify(await canonize(request))}\n`);
  }
}
