'use strict';
// Node-RED's editor in a headless Chromium, as a person uses it.

const path = require('node:path');
const { INSTALLED } = require('./node-red');
const { chromium } = require(path.join(INSTALLED, 'playwright-core'));

const CHROMIUM = process.env.CHROMIUM || '/usr/bin/chromium';
// Nothing is looked up outside: there is a browser here and a Node-RED, and no network.
const ALONE = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'];

/** The editor at this address; `complaints` is what the browser's console and page reported as errors */
async function open(url, viewport = { width: 1440, height: 900 }) {
  const browser = await chromium.launch({ executablePath: CHROMIUM, args: ALONE });
  try {
    const page = await browser.newPage({ viewport });
    const complaints = [];
    page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
    page.on('pageerror', (error) => complaints.push(error.stack));
    // Node-RED's tips come by the clock, and after some time with an error of their own.
    await fetch(`${url}/settings/user`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ editor: { view: { 'view-show-tips': false } } }),
    });
    await page.goto(url);
    await page.waitForSelector('.red-ui-palette-node[data-palette-type="inject"]');
    await page.waitForSelector('#red-ui-loading-progress', { state: 'hidden' });
    return { browser, page, complaints, editor: new Editor(page) };
  } catch (error) {
    await browser.close();
    throw error;
  }
}

class Editor {
  constructor(page) {
    this.page = page;
  }

  /** Drags a node out of the palette to a place on the canvas, and gives its id */
  async drag(type, x, y) {
    const from = this.page.locator(`.red-ui-palette-node[data-palette-type="${type}"]`);
    await from.scrollIntoViewIfNeeded();
    const [start, chart] = [await from.boundingBox(), await this.page.locator('#red-ui-workspace-chart').boundingBox()];
    await this.page.mouse.move(start.x + 20, start.y + 10);
    await this.page.mouse.down();
    await this.page.mouse.move(chart.x + x - 60, chart.y + y - 30, { steps: 4 });
    await this.page.mouse.move(chart.x + x, chart.y + y, { steps: 4 });
    const before = await this.ids();
    await this.page.mouse.up();
    await this.page.waitForFunction((count) => count < RED.nodes.filterNodes({}).length, before.length);
    return (await this.ids()).find((id) => !before.includes(id));
  }

  ids() {
    return this.page.evaluate(() => RED.nodes.filterNodes({}).map((node) => node.id));
  }

  /** Draws a wire from a node's output to another one's input */
  async wire(from, to) {
    const port = (id, kind) => this.page.locator(`[id="${id}"] .red-ui-flow-port-${kind} rect`).first();
    await port(from, 'output').hover();
    await this.page.mouse.down();
    await port(to, 'input').hover();
    await this.page.mouse.up();
    await this.page.waitForFunction(([a, b]) => RED.nodes.getNodeLinks(a).some((link) => link.target.id === b), [from, to]);
  }

  async edit(id) {
    await this.page.locator(`[id="${id}"] .red-ui-flow-node`).first().dblclick();
    await this.page.waitForSelector('.red-ui-editor .form-row');
    await this.settled();
  }

  /** Waits until no dialog slides in or out */
  settled() {
    return this.page.waitForFunction(() => {
      const moving = $('.red-ui-tray').is(':animated');
      const boxes = $('.red-ui-tray').get().map((tray) => tray.getBoundingClientRect().left).join();
      const still = window.azdoTestBoxes === boxes;
      window.azdoTestBoxes = boxes;
      return still && !moving;
    }, undefined, { polling: 150 });
  }

  /** Types into a field of the dialog that is open: a typed input's text, or a plain one's */
  async fill(id, value) {
    const typed = this.page.locator(`#${id} + .red-ui-typedInput-container input.red-ui-typedInput-input`);
    const input = (await typed.count()) > 0 ? typed : this.page.locator(`#${id}`);
    await input.fill(value);
    await input.press('Tab');
  }

  /** Opens the dialog of a new session out of the dialog of a node */
  async addSession() {
    await this.page.locator('#node-input-btn-session-add').click();
    await this.page.waitForSelector('#node-config-input-inputProjectNameType', { state: 'attached' });
    await this.settled();
  }

  /** Opens the dialog of the session that is chosen in the dialog of a node */
  async editSession() {
    await this.page.locator('#node-input-btn-session-edit').click();
    await this.page.waitForSelector('#node-config-input-inputProjectNameType', { state: 'attached' });
    await this.settled();
  }

  /** Chooses where the value of a typed input comes from */
  async typeOf(id, type) {
    await this.page.locator(`#${id} + .red-ui-typedInput-container .red-ui-typedInput-type-select`).click();
    await this.page.locator(`.red-ui-typedInput-options:visible a[value="${type}"]`).click();
  }

  async done(config = false) {
    const buttons = this.page.locator(config ? '#node-config-dialog-ok' : '#node-dialog-ok');
    await buttons.click();
    await buttons.waitFor({ state: 'detached' });
    await this.settled();
  }

  async deploy() {
    await this.page.locator('#red-ui-header-button-deploy').click();
    await this.page.waitForFunction(() => $('#red-ui-header-button-deploy').hasClass('disabled'));
  }

  /** What stands under a node */
  status(id) {
    return this.page.locator(`[id="${id}"] .red-ui-flow-node-status-label`);
  }
}

module.exports = { open };
