'use strict';
// The session of a configuration node: opened on first use, shared by the nodes in its scope, closed with the node.

const { credentials } = require('./credential');
const { failure } = require('./errors');
const { applies, compile, typeOf } = require('./inputs');
const { Place } = require('./place');
const { flowPlace, kind, named, unset } = require('./words');

const DISCONNECT = 'disconnect';

class Session {
  // Keyed by the bot runs of a process, so that a restarted process begins without sessions.
  #opened = new WeakMap();
  #closing = new AbortController();
  #open = new Map();
  #shown = new Set();

  /** `config` is the configuration of the node, `secrets` its encrypted credentials */
  constructor(RED, runtime, { connect, session }, node, config, secrets) {
    // Properties that an older flow lacks have the defaults of the dialog.
    const { defaultScope, defaultName } = connect.target;
    const { scope = defaultScope, sessionName = defaultName, variable = 'session' } = config;
    const project = connect.fields.find(({ name }) => name === 'projectName');
    this.who = named(session.label, config.name || (typeOf(project, config) === 'str' ? config[project.property] : ''));
    Object.assign(this, { RED, runtime, connect, node, config, scope, sessionName, variable });
    this.simulate = config.simulate === true;
    this.inVariable = scope === 'VARIABLE';
    this.#bind();
    if (this.inVariable) this.place = this.#place();
    else this.#named();
    this.inputs = compile(RED, node, this.who, config, connect.fields, credentials(RED, runtime, node, this.who, config, secrets));
  }

  /** The session for a message in a bot run, as a handle; opened if it is not open yet */
  async use(run, msg) {
    if (this.inVariable) return this.#variable(msg);
    const opened = this.#sessions(run).get(this.#key(run)) ?? this.#remember(run, this.#connect(run, msg));
    return (await opened).session;
  }

  /** The handle of the session if it is open, else its name; does not open it */
  async name(run, msg) {
    if (this.inVariable) return this.#variable(msg);
    const opened = await this.#sessions(run).get(this.#key(run))?.catch(() => undefined);
    if (opened) return opened.session;
    // Another session may be open under this name.
    this.#refuseRival(run);
    return this.sessionName;
  }

  /** Opens the session, or ensures that it is still open; returns the result of Connect */
  async open(run, msg) {
    if (this.inVariable) {
      await this.place.prove(msg).catch((error) => this.#lost(error));
      const answer = await this.#send(run.id, run, msg);
      try {
        await this.place.put(msg, answer.session);
      } catch (error) {
        // A session whose handle cannot be stored would stay open for ever.
        await run.serve.call('action/execute', { botRun: run.id, action: DISCONNECT, inputs: { session: answer.session } });
        this.#lost(error);
      }
      return answer;
    }
    const before = this.#sessions(run).get(this.#key(run));
    const opened = await before?.catch(() => undefined);
    if (!opened) return this.#remember(run, this.#connect(run, msg));
    const answer = await this.#connect(run, msg, { ifSessionExists: 'REUSE' });
    this.#remember(run, Promise.resolve(answer));
    return answer;
  }

  /** Whether an error means that this session was closed and nothing was sent; then the call is repeated */
  async lost(run, session, error) {
    const { code, requests } = error.cause || {};
    const gone = (code === 'session.closed' || code === 'session.not_found') && requests === 0;
    // A refused token ends a session; the next message opens another.
    const stale = code === 'auth.failed';
    if (this.inVariable || !(gone || stale)) return false;
    const sessions = this.#sessions(run);
    const opened = await sessions.get(this.#key(run))?.catch(() => undefined);
    // The first of many failed calls removes the session; the others use the one that it opens.
    if (opened?.session === session) {
      sessions.delete(this.#key(run));
      if (stale) await this.#disconnect(session).catch(() => {});
      this.#open.delete(session);
    }
    return gone;
  }

  /** Removes a session that a node has closed */
  async closed(run, session) {
    const sessions = this.#sessions(run);
    const opening = sessions.get(this.#key(run));
    const opened = await opening?.catch(() => undefined);
    if (opened?.session === session && sessions.get(this.#key(run)) === opening) sessions.delete(this.#key(run));
  }

  /** Closes the open sessions and cancels those being opened */
  async close() {
    this.#closing.abort();
    this.runtime.tokens.drop(this.node.id);
    await Promise.allSettled([...this.#open.keys()].map((session) => this.#disconnect(session)));
  }

  #variable(msg) {
    const handle = this.place.get(msg);
    if (typeof handle === 'string' && handle) return handle;
    const help = 'Put Connect before this node, and keep the property in the nodes between them.';
    throw failure('session.not_found', `${this.who}: ${this.place} holds no session; it is ${kind(handle)}.`, help);
  }

  /** The property of the message that the session goes into */
  #place() {
    try {
      return new Place(this.RED, this.node, this.variable);
    } catch (error) {
      throw failure('input.invalid', `${this.who}: the field Variable cannot be used: ${error.message}.`, 'Open the session and correct the field.');
    }
  }

  #lost(error) {
    const message = `${this.who}: the session cannot be put into ${this.place}: ${error.message}.`;
    throw failure('input.invalid', message, 'Name another property as its Variable, or put an object there before Connect.');
  }

  #named() {
    const variable = unset(this.sessionName);
    if (!variable) return;
    const message = `${this.who}: the field Session name is the environment variable ${variable}, which is not set.`;
    throw failure('input.invalid', message, 'Set it for Node-RED, or correct its name in the field.');
  }

  /** Whether it has this session open, or is opening it, where another one would have it under the same name */
  holds(run, { scope, sessionName }) {
    return scope === this.scope && sessionName === this.sessionName && this.#sessions(run).has(this.#key(run));
  }

  /** Fails if the session of another configuration node has this name, unless sharing was chosen */
  #refuseRival(run) {
    const choice = this.connect.fields.find(({ name }) => name === 'ifSessionExists');
    if ((this.config[choice.property] || choice.default) !== choice.default) return;
    const rival = this.runtime.sessions.find((one) => one !== this && one.holds(run, this));
    if (!rival) return;
    const where = this.scope === 'GLOBAL' ? 'in this Node-RED' : 'in this flow';
    const [own, other] = this.who === rival.who ? [`${this.who} (${this.node.id})`, `${rival.who} (${rival.node.id})`] : [this.who, rival.who];
    const message = `${own}: the field Session name is ${JSON.stringify(this.sessionName)}, and under that name ${other} is open ${where}.`;
    throw failure('session.name_in_use', message, `Give one of the two another Session name, or choose another ${JSON.stringify(choice.label)}.`);
  }

  #key(run) {
    return this.scope === 'GLOBAL' ? '' : run.id;
  }

  #sessions(run) {
    if (!this.#opened.has(run.runs)) this.#opened.set(run.runs, new Map());
    return this.#opened.get(run.runs);
  }

  #remember(run, opening) {
    const sessions = this.#sessions(run);
    const key = this.#key(run);
    sessions.set(key, opening);
    // The next message retries a failed connect.
    opening.catch(() => sessions.get(key) === opening && sessions.delete(key));
    return opening;
  }

  async #connect(run, msg, more) {
    // A global session belongs to the root, so that the end of the flow that opened it does not close it.
    const botRun = this.scope === 'GLOBAL' ? await run.runs.of([]) : run.id;
    const answer = await this.#send(botRun, run, msg, more).catch((error) => {
      if (error.code === 'session.name_in_use') this.#refuseRival(run);
      throw error;
    });
    this.#open.set(answer.session, { serve: run.serve, botRun });
    return answer;
  }

  async #send(botRun, run, msg, more) {
    const inputs = { ...(await this.inputs(msg)), ...more };
    const { scope, sessionName } = this;
    const target = this.inVariable ? { scope } : { scope, name: sessionName };
    const call = { botRun, action: this.connect.name, inputs, target, place: flowPlace(this.node) };
    const executed = run.serve.call('action/execute', call, { signal: this.#closing.signal });
    const { warnings = [], ...answer } = await executed.catch((error) => {
      throw this.inputs.blame(error);
    });
    this.#warn(warnings);
    return answer;
  }

  /** Shows the warnings of the configuration node once, whichever node opens the session */
  #warn(warnings) {
    for (const { message } of warnings) {
      if (!this.#shown.has(message)) this.node.warn(message);
      this.#shown.add(message);
    }
  }

  async #disconnect(session) {
    const { serve, botRun } = this.#open.get(session);
    await serve.call('action/execute', { botRun, action: DISCONNECT, inputs: { session } });
  }

  /** A stored token is for the organization in the dialog, so the URL cannot come from a message */
  #bind() {
    const type = (field) => typeOf(field, this.config);
    const fields = this.connect.fields.filter((field) => applies(field, this.config));
    const stored = fields.some((field) => field.kind === 'CREDENTIAL' && type(field) === 'stored');
    const organization = fields.find((field) => field.name === 'organizationUrl');
    if (!stored || !['msg', 'jsonata'].includes(type(organization))) return;
    const message = `${this.who}: a stored token does not follow the ${organization.label} of a message.`;
    const help = 'Type the URL, or name the token by a reference that the operator binds to its organization.';
    throw failure('credential.organization_mismatch', message, help);
  }
}

module.exports = { DISCONNECT, Session };
