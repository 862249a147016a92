'use strict';
// Loaded into a Node-RED under test: it ends with the process that started it, however that one ended.

if (process.connected) {
  process.once('disconnect', () => process.exit());
  // Waiting for that keeps nothing running.
  process.channel.unref();
}
