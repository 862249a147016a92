'use strict';
// The session of a configuration node: opened on first use, shared by those who may see it, closed with the node.

const { credentials } = require('./credential');
const { failure } = require('./errors');
const { applies, compile, typeProperty } = require('./inputs');

const DISCONNECT = 'disconnect';

class Session {
  // By the bot runs of a process, so that a process that is started again begins without sessions.
  #opened = new WeakMap();
  #closing = new AbortController();
  #open = new Map();
  #told = new Set();

  /** For a configuration node with this configuration; `secrets` is what Node-RED keeps encrypted for it */
  constructor(RED, runtime, connect, node, config, secrets) {
    Object.assign(this, { RED, runtime, connect, node, config });
    this.simulate = config.simulate === true;
    this.inVariable = config.scope === 'VARIABLE';
    this.#bind();
    this.inputs = compile(RED, node, config, connect.fields, credentials(RED, runtime, node, config, secrets));
  }

  /** The session for a message in a bot run, as a handle; opened if it is not open yet */
  async use(run, msg) {
    if (this.inVariable) return this.#variable(msg);
    const opened = this.#sessions(run).get(this.#key(run)) ?? this.#remember(run, this.#connect(run, msg));
    return (await opened).session;
  }

  /** The session without opening it: its handle, or where none is open its name */
  async name(run, msg) {
    if (this.inVariable) return this.#variable(msg);
    const opened = await this.#sessions(run).get(this.#key(run))?.catch(() => undefined);
    return opened?.session ?? this.config.sessionName;
  }

  /** What Connect does: opens the session, or makes sure that it is still open; answers what the action answers */
  async open(run, msg) {
    if (this.inVariable) {
      const answer = await this.#send(run.id, run, msg);
      this.RED.util.setMessageProperty(msg, this.config.variable, answer.session, true);
      return answer;
    }
    const before = this.#sessions(run).get(this.#key(run));
    const opened = await before?.catch(() => undefined);
    if (!opened) return this.#remember(run, this.#connect(run, msg));
    const answer = await this.#connect(run, msg, { ifSessionExists: 'REUSE' });
    this.#remember(run, Promise.resolve(answer));
    return answer;
  }

  /** Whether an error says that this session was gone and nothing was sent: then the call is made once more */
  async lost(run, session, error) {
    const { code, requests } = error.cause || {};
    const gone = (code === 'session.closed' || code === 'session.not_found') && requests === 0;
    // A token that is no longer accepted ends a session for good: the next message begins with a new one.
    const stale = code === 'auth.failed';
    if (this.inVariable || !(gone || stale)) return false;
    const sessions = this.#sessions(run);
    const opened = await sessions.get(this.#key(run))?.catch(() => undefined);
    // Of many calls that find it gone, the first forgets it and the others use what it has opened.
    if (opened?.session === session) {
      sessions.delete(this.#key(run));
      if (stale) await this.#disconnect(session).catch(() => {});
      this.#open.delete(session);
    }
    return gone;
  }

  /** Closes what is open, and gives up what is being opened */
  async close() {
    this.#closing.abort();
    this.runtime.vault.drop(this.node.id);
    await Promise.allSettled([...this.#open.keys()].map((session) => this.#disconnect(session)));
  }

  #variable(msg) {
    const { variable } = this.config;
    const handle = this.RED.util.getMessageProperty(msg, variable);
    if (typeof handle === 'string' && handle) return handle;
    const help = 'Put Connect before this node, and let what is between them keep the property.';
    throw failure('session.not_found', `msg.${variable} holds no session.`, help);
  }

  #key(run) {
    return this.config.scope === 'GLOBAL' ? '' : run.id;
  }

  #sessions(run) {
    if (!this.#opened.has(run.runs)) this.#opened.set(run.runs, new Map());
    return this.#opened.get(run.runs);
  }

  #remember(run, opening) {
    const sessions = this.#sessions(run);
    const key = this.#key(run);
    sessions.set(key, opening);
    // What could not be opened is tried again by the next message.
    opening.catch(() => sessions.get(key) === opening && sessions.delete(key));
    return opening;
  }

  async #connect(run, msg, more) {
    // A global session is the root's, so that the end of the flow that happened to open it does not cut it off.
    const botRun = this.config.scope === 'GLOBAL' ? await run.runs.of([]) : run.id;
    const answer = await this.#send(botRun, run, msg, more);
    this.#open.set(answer.session, { serve: run.serve, botRun });
    return answer;
  }

  async #send(botRun, run, msg, more) {
    const inputs = { ...(await this.inputs(msg)), ...more };
    const { scope, sessionName } = this.config;
    const target = this.inVariable ? { scope } : { scope, name: sessionName };
    const call = { botRun, action: this.connect.name, inputs, target };
    const { warnings = [], ...answer } = await run.serve.call('action/execute', call, { signal: this.#closing.signal });
    this.#tell(warnings);
    return answer;
  }

  /** Warns of what stands in the configuration node: once, whichever node opens the session and however often */
  #tell(warnings) {
    for (const { message } of warnings) {
      if (!this.#told.has(message)) this.node.warn(message);
      this.#told.add(message);
    }
  }

  async #disconnect(session) {
    const { serve, botRun } = this.#open.get(session);
    await serve.call('action/execute', { botRun, action: DISCONNECT, inputs: { session } });
  }

  /** A stored token is for the organization beside it, which therefore cannot come from a message */
  #bind() {
    const type = (field) => this.config[typeProperty(field)];
    const fields = this.connect.fields.filter((field) => applies(field, this.config));
    const stored = fields.some((field) => field.kind === 'CREDENTIAL' && type(field) === 'stored');
    const organization = fields.find((field) => field.name === 'organizationUrl');
    if (!stored || !['msg', 'jsonata'].includes(type(organization))) return;
    const message = `A stored token does not follow the ${organization.label} of a message.`;
    const help = 'Type the URL, or name the token by a reference that the operator binds to its organization.';
    throw failure('credential.organization_mismatch', message, help);
  }
}

module.exports = { Session };
