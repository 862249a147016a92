'use strict';
// Takes the screenshots of docs/images: the release day after its first run, and the result of Test for its session.

const fs = require('node:fs');
const path = require('node:path');
const { open } = require('./support/browser');
const { PACKAGE, start } = require('./support/node-red');

const IMAGES = path.join(PACKAGE, '..', '..', 'docs', 'images');
const OWN = 'Azure DevOps';

async function releaseDay({ page, editor }, flows) {
  const only = (type) => flows.find((node) => node.type === type).id;
  await page.locator(`[id="${only('inject')}"] .red-ui-flow-node-button-button`).click();
  await editor.status(only('azdo-disconnect')).filter({ hasText: 'done' }).waitFor();
  await page.locator('.red-ui-debug-msg', { hasText: /[0-9a-f]{40}/ }).waitFor();
  const headings = page.locator('.red-ui-palette-header:visible');
  for (const heading of await headings.all()) {
    if ((await heading.innerText()).trim() !== OWN) await heading.click();
  }
  await page.mouse.move(700, 660);
  await page.waitForFunction(() => $(':animated').length === 0);
  await page.evaluate(() => $('#red-ui-palette-container').scrollTop(10000));
  await page.screenshot({ path: path.join(IMAGES, 'node-red.png') });
}

async function session({ page, editor }, flows) {
  await editor.edit(flows.find((node) => node.type === 'azdo-connect').id);
  await editor.editSession();
  await page.locator('#azdo-test').click();
  await page.waitForSelector('.azdo-uses');
  await editor.settled();
  await page.locator('.red-ui-tray').last().screenshot({ path: path.join(IMAGES, 'node-red-session.png') });
}

async function main() {
  const flows = JSON.parse(fs.readFileSync(path.join(PACKAGE, 'examples', 'release-day.json'), 'utf8'));
  const red = await start({ flows });
  try {
    const chromium = await open(red.url, { width: 1400, height: 820 });
    try {
      await releaseDay(chromium, flows);
      await session(chromium, flows);
    } finally {
      await chromium.browser.close();
    }
  } finally {
    await red.stop();
  }
}

main();
