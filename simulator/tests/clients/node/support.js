// Where the simulator is, and connections to it; `scripts/test-clients` starts it and says so.
"use strict";

const azdev = require("azure-devops-node-api");

const URL = process.env.CLIENTS_URL;
const TOKEN = process.env.CLIENTS_TOKEN;

/** A connection as the client's own manual makes one. */
const connect = (token = TOKEN, url = URL) => new azdev.WebApi(url, azdev.getPersonalAccessTokenHandler(token));

/** A connection whose token has these scopes only. */
const withScopes = (...scopes) => connect("simulator-token-with-scopes." + scopes.join("+"));

module.exports = { PROJECT: "Fabrikam", NOTHING: "0".repeat(40), TOKEN, URL, connect, withScopes };
