'use strict';
// Loaded into a Node-RED under test, so that it ends when the process that started it ends for any reason.

if (process.connected) {
  process.once('disconnect', () => process.exit());
  // Waiting for the end does not keep the process running.
  process.channel.unref();
}
