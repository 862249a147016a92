// Sends the requests of the other server to the simulator: its address of Azure DevOps is fixed to dev.azure.com, and no
// option changes it. The server itself is unmodified.
import http from "node:http";
import https from "node:https";

const simulator = new URL(process.env.SIMULATOR_URL);
const isService = (host) => /(^|\.)dev\.azure\.com$/.test(host ?? "");

const request = https.request;
https.request = (options, callback) => {
    if (!isService(options.host ?? options.hostname)) return request.call(https, options, callback);
    const { agent, ...rest } = options;
    const { hostname, port } = simulator;
    // The agent of https does not do http; this one keeps connections as the other does.
    const keeping = new http.Agent({ keepAlive: agent?.keepAlive ?? false });
    return http.request({ ...rest, agent: keeping, protocol: "http:", host: hostname, hostname, port }, callback);
};

const fetching = globalThis.fetch;
globalThis.fetch = (input, init) => {
    const url = new URL(input instanceof Request ? input.url : input);
    if (!isService(url.hostname)) return fetching(input, init);
    return fetching(new URL(url.pathname + url.search, simulator), init);
};
