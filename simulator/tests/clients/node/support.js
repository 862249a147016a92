// The address of the simulator, which `scripts/test-clients` starts, and connections to it.
"use strict";

const azdev = require("azure-devops-node-api");

const URL = process.env.CLIENTS_URL;
const TOKEN = process.env.CLIENTS_TOKEN;

/** A connection like in the manual of the client. */
const connect = (token = TOKEN, url = URL) => new azdev.WebApi(url, azdev.getPersonalAccessTokenHandler(token));

/** A connection whose token has these scopes only. */
const withScopes = (...scopes) => connect("simulator-token-with-scopes." + scopes.join("+"));

module.exports = { PROJECT: "Fabrikam", NOTHING: "0".repeat(40), TOKEN, URL, connect, withScopes };
