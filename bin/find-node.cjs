// Finds a Node.js that Logferry can run on. Plain enough for any Node since version 12: it is what
// runs before anything is known about the machine.
'use strict';

const OLDEST = [22, 19];

function isRecentEnough(version) {
  const parts = version.split('.').map(Number);
  return parts[0] > OLDEST[0] || (parts[0] === OLDEST[0] && parts[1] >= OLDEST[1]);
}

/** The path of a usable node executable, or undefined when this machine has none. */
function findNode() {
  if (isRecentEnough(process.versions.node)) return process.execPath;
  const name = process.platform === 'win32' ? 'win' : process.platform;
  try {
    const file = process.platform === 'win32' ? 'node.exe' : 'node';
    return require.resolve('node-' + name + '-' + process.arch + '/bin/' + file);
  } catch {
    return undefined;
  }
}

function explainMissingNode() {
  return (
    'Logferry needs Node.js ' +
    OLDEST.join('.') +
    ' or newer; this is ' +
    process.versions.node +
    '.\n' +
    'In a checkout, `npm ci` brings the right one along (on Linux and Windows). Elsewhere install Node.js 24.\n'
  );
}

/** Runs `node args` in place of this process: same streams, same signals, same exit code. */
function runInstead(node, args) {
  const child = require('child_process').spawn(node, args, { stdio: 'inherit' });
  const forwarded = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGUSR1', 'SIGUSR2'];
  // A terminal sends SIGINT to the whole group: the child has it already, so here it is only survived.
  forwarded.forEach(function (signal) {
    process.on(signal, function () {
      if (signal !== 'SIGINT' || !process.stdin.isTTY) child.kill(signal);
    });
  });
  child.on('error', function (error) {
    process.stderr.write('Could not start ' + node + ': ' + error.message + '\n');
    process.exit(1);
  });
  child.on('exit', function (code, signal) {
    if (signal === null) process.exit(code);
    process.removeAllListeners(signal);
    process.kill(process.pid, signal);
  });
}

module.exports = { findNode: findNode, explainMissingNode: explainMissingNode, runInstead: runInstead };
