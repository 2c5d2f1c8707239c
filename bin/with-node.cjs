// `node bin/with-node.cjs FILE ARGS…`: runs a file of this repository on the Node.js that it is pinned to.
'use strict';

const { findNode, explainMissingNode, runInstead } = require('./find-node.cjs');

const node = findNode();
if (node === undefined) {
  process.stderr.write(explainMissingNode());
  process.exit(1);
}
runInstead(node, process.argv.slice(2));
