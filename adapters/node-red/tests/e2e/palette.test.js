'use strict';
// The palette and the examples, as they look in the editor.

const assert = require('node:assert/strict');
const fs = require('node:fs');
const path = require('node:path');
const test = require('node:test');
const { open } = require('../support/browser');
const { PACKAGE, start } = require('../support/node-red');

const EXAMPLES = path.join(PACKAGE, 'examples');
// In a subflow, its input is to the left of the first node.
const MARGIN = { tab: 40, subflow: 120 };
const GAP = 30;
// Between a wire and a node that it does not lead to, in pixels.
const LEAST_DISTANCE = 3;

for (const version of ['node-red', 'node-red-4']) {
  test(`in ${version} each label of the palette is on one line, each group has a colour, and each verb an icon`, async (t) => {
    const red = await start({ version, flows: [] });
    t.after(() => red.stop());
    const { browser, page, complaints } = await open(red.url);
    t.after(() => browser.close());
    const nodes = await page.evaluate(() => $('.red-ui-palette-node[data-palette-type^="azdo-"]').get().map((element) => {
      const type = $(element).attr('data-palette-type');
      const { category, color, icon } = RED.nodes.getType(type);
      $(element).closest('.red-ui-palette-content').show();
      const text = getComputedStyle(element, '::after');
      const context = document.createElement('canvas').getContext('2d');
      context.font = `${text.fontSize} ${text.fontFamily}`;
      const label = $(element).attr('data-palette-label');
      return { type, category, color, icon, label, height: element.clientHeight, room: parseFloat(text.width), width: context.measureText(label).width };
    }));
    assert.ok(nodes.length > 10);
    assert.deepEqual(nodes.filter(({ height }) => height > 28).map(({ label }) => label), [], 'a label with two lines');
    assert.deepEqual(nodes.filter(({ room, width }) => width > room).map(({ label, room, width }) => `${label}: ${width} of ${room}`), [], 'a label that is cut');
    const colours = new Map(nodes.map(({ category, color }) => [category, color]));
    assert.deepEqual([...colours.keys()].sort(), ['Azure Boards', 'Azure DevOps', 'Azure Pipelines', 'Azure Repos']);
    assert.equal(new Set(colours.values()).size, colours.size, 'each group has its colour');
    assert.deepEqual(nodes.filter(({ category, color }) => color !== colours.get(category)), []);
    const icons = await page.evaluate(() => RED.nodes.getIconSets()['node-red-contrib-azure-devops-bot']);
    assert.deepEqual(nodes.filter(({ icon }) => !icons.includes(icon)), []);
    assert.deepEqual(complaints, []);
  });
}

/** The nodes of the visible flow: their edges on the canvas and on the screen */
const boxes = (page) => page.evaluate(() => {
  const flow = RED.workspaces.active();
  return RED.nodes.filterNodes({ z: flow }).map((node) => {
    const { right, bottom, left, top } = document.getElementById(node.id).getBoundingClientRect();
    return { name: `${node.type} ${node.name || ''}`, left: node.x - node.w / 2, right: node.x + node.w / 2, y: node.y, onScreen: { left, top, right, bottom } };
  });
});

/**
 * The wires of the visible flow that are nearer than a few pixels to a node that is not at their end; a wire may pass behind a node
 * that leads to the same one
 */
const touched = (page) => page.evaluate((least) => {
  const nodes = RED.nodes.filterNodes({ z: RED.workspaces.active() });
  return [...document.querySelectorAll('.red-ui-flow-link')].flatMap((wire) => {
    const { source, target } = wire.__data__;
    const line = wire.querySelector('.red-ui-flow-link-line');
    const points = Array.from({ length: Math.ceil(line.getTotalLength()) }, (_, at) => line.getPointAtLength(at));
    const isNear = ({ x, y, w, h }) => points.some((point) => Math.abs(point.x - x) < w / 2 + least && Math.abs(point.y - y) < h / 2 + least);
    const leadsThere = (node) => RED.nodes.filterLinks({ source: node, target }).length > 0;
    const others = nodes.filter((node) => node !== target && !leadsThere(node) && isNear(node));
    return others.map((node) => `${source.name || source.type} to ${target.name || target.type}: ${node.name || node.type}`);
  });
}, LEAST_DISTANCE);

for (const file of fs.readdirSync(EXAMPLES)) {
  test(`the nodes of ${file} are aligned, and fit a window of 1,400 pixels`, async (t) => {
    const flows = JSON.parse(fs.readFileSync(path.join(EXAMPLES, file), 'utf8'));
    const red = await start({ flows });
    t.after(() => red.stop());
    const { browser, page } = await open(red.url, { width: 1400, height: 800 });
    t.after(() => browser.close());
    const [chart, sidebar] = [await page.locator('#red-ui-workspace-chart').boundingBox(), await page.locator('.red-ui-sidebar:visible').last().boundingBox()];
    for (const { id, type: kind } of flows.filter(({ type }) => type === 'tab' || type === 'subflow')) {
      await page.evaluate((of) => RED.workspaces.show(of), id);
      await page.waitForFunction(() => RED.nodes.filterNodes({ z: RED.workspaces.active() }).every((node) => document.getElementById(node.id)));
      const nodes = await boxes(page);
      for (const { name, left, y, onScreen } of nodes) {
        assert.ok(onScreen.left >= chart.x && onScreen.right <= sidebar.x, `${name} is beside the canvas: ${JSON.stringify(onScreen)}`);
        assert.ok(onScreen.top >= chart.y && onScreen.bottom <= chart.y + chart.height, `${name} is above or below the canvas`);
        const before = nodes.some((other) => other.y === y && other.right + GAP === left);
        const above = nodes.some((other) => other.y < y && other.left === left);
        assert.ok(left === MARGIN[kind] || before || above, `${name} begins at ${left}`);
        assert.equal(y % 10, 0, name);
      }
      assert.deepEqual(await touched(page), [], 'wires that touch other nodes');
    }
  });

  test(`${file} is in the examples menu, and runs`, async (t) => {
    const red = await start();
    t.after(() => red.stop());
    const { browser, page, editor, complaints } = await open(red.url);
    t.after(() => browser.close());
    await page.keyboard.press('Control+i');
    const dialog = page.locator('.ui-dialog:visible');
    await dialog.getByRole('link', { name: 'Examples' }).click();
    await dialog.getByText('node-red-contrib-azure-devops-bot').click();
    await dialog.getByText(file.replace('.json', ''), { exact: true }).click();
    await page.locator('#red-ui-clipboard-dialog-ok').click();
    const inject = await page.waitForFunction(() => RED.nodes.filterNodes({ type: 'inject' })[0]?.id).then((handle) => handle.jsonValue());
    await page.evaluate((of) => RED.workspaces.show(RED.nodes.node(of).z), inject);
    await editor.deploy();
    await page.locator(`[id="${inject}"] .red-ui-flow-node-button-button`).click();
    await page.locator('.red-ui-debug-msg', { hasText: /[0-9a-f]{40}/ }).waitFor();
    assert.equal(await page.locator('.red-ui-debug-msg', { hasText: 'Failed' }).count(), 0);
    assert.deepEqual(complaints, []);
  });
}
