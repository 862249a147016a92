'use strict';
// The editor of Node-RED in a headless Chromium, used like a person does.

const path = require('node:path');
const { INSTALLED } = require('./node-red');
const { chromium } = require(path.join(INSTALLED, 'playwright-core'));

const CHROMIUM = process.env.CHROMIUM || '/usr/bin/chromium';
// The browser needs no network: it opens only Node-RED on this machine.
const ALONE = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'];

/** The editor at this address; `complaints` has the errors of the browser's console and page */
async function open(url, viewport = { width: 1440, height: 900 }) {
  const browser = await chromium.launch({ executablePath: CHROMIUM, args: ALONE });
  try {
    const page = await browser.newPage({ viewport });
    const complaints = [];
    page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
    page.on('pageerror', (error) => complaints.push(error.stack));
    // Node-RED shows tips after some time, and they cause an error.
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

  /** Drags a node from the palette to the canvas, and returns its ID */
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

  /** Waits until no dialog is moving */
  settled() {
    return this.page.waitForFunction(() => {
      const moving = $('.red-ui-tray').is(':animated');
      const boxes = $('.red-ui-tray').get().map((tray) => tray.getBoundingClientRect().left).join();
      const still = window.azdoTestBoxes === boxes;
      window.azdoTestBoxes = boxes;
      return still && !moving;
    }, undefined, { polling: 150 });
  }

  /** Opens the tab of a session's dialog that has this field */
  async reveal(id) {
    const hidden = await this.page.evaluate((of) => $(`#${of}`).closest('.azdo-tab:hidden').attr('id'), id);
    if (hidden) await this.page.locator(`#azdo-tabs a[href="#${hidden}"]`).click();
  }

  /** Types into a field of the open dialog: a typed or a plain input */
  async fill(id, value) {
    await this.reveal(id);
    const typed = this.page.locator(`#${id} + .red-ui-typedInput-container input.red-ui-typedInput-input`);
    const input = (await typed.count()) > 0 ? typed : this.page.locator(`#${id}`);
    await input.fill(value);
    await input.press('Tab');
  }

  /** Opens the dialog of a new session from the dialog of a node */
  async addSession() {
    await this.page.locator('#node-input-btn-session-add').click();
    await this.page.waitForSelector('#node-config-input-inputProjectNameType', { state: 'attached' });
    await this.settled();
  }

  /** Opens the dialog of the selected session from the dialog of a node */
  async editSession() {
    await this.page.locator('#node-input-btn-session-edit').click();
    await this.page.waitForSelector('#node-config-input-inputProjectNameType', { state: 'attached' });
    await this.settled();
  }

  /** Selects the source of a typed input */
  async typeOf(id, type) {
    await this.reveal(id);
    await this.page.locator(`#${id} + .red-ui-typedInput-container .red-ui-typedInput-type-select`).click();
    await this.page.locator(`.red-ui-typedInput-options:visible a[value="${type}"]`).click();
  }

  /** Chooses an option of a drop-down */
  async choose(id, value) {
    await this.reveal(id);
    await this.page.locator(`#${id}`).selectOption(value);
  }

  async check(id) {
    await this.reveal(id);
    await this.page.locator(`#${id}`).check();
  }

  /** Adds an entry to a list of texts */
  async addEntry(id, text) {
    await this.reveal(id);
    const list = this.page.locator(`#${id}-entries`);
    await list.locator('.red-ui-editableList-addButton').click();
    await list.locator('input').last().fill(text);
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

  /** The status under a node */
  status(id) {
    return this.page.locator(`[id="${id}"] .red-ui-flow-node-status-label`);
  }
}

module.exports = { open };
