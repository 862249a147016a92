// A process with the Node client `azure-devops-node-api`: connects, reads the project, and does what its input says.
"use strict";

const assert = require("node:assert");
const readline = require("node:readline");
const { WebApi, getPersonalAccessTokenHandler } = require("azure-devops-node-api");

const { CLIENT_URL, CLIENT_TOKEN, CLIENT_PROJECT, CLIENT_LAST, CLIENT_OPTIONS } = process.env;

const seconds = async (work) => {
    const begun = process.hrtime.bigint();
    await work();
    return Number(process.hrtime.bigint() - begun) / 1e9;
};

const main = async () => {
    const handler = getPersonalAccessTokenHandler(CLIENT_TOKEN);
    const connection = new WebApi(CLIENT_URL, handler, JSON.parse(CLIENT_OPTIONS));
    const project = await (await connection.getCoreApi()).getProject(CLIENT_PROJECT);
    assert.strictEqual(project.name, CLIENT_PROJECT);
    console.log("connected");
    const git = await connection.getGitApi();
    const repositories = async () => {
        const found = await git.getRepositories(CLIENT_PROJECT);
        assert(found.some((repository) => repository.name === CLIENT_LAST));
    };

    const warm = async (calls) => {
        const times = [];
        for (let call = 0; call < calls; call++) times.push(await seconds(repositories));
        times.sort((one, other) => one - other);
        return times[Math.floor(calls / 2)];
    };
    const flight = (calls, width) => {
        let left = calls;
        const worker = async () => {
            while (left-- > 0) await repositories();
        };
        return seconds(() => Promise.all(Array.from({ length: width }, worker)));
    };

    const does = { warm, flight };
    for await (const line of readline.createInterface({ input: process.stdin })) {
        const [what, ...numbers] = line.split(" ");
        console.log(JSON.stringify(await does[what](...numbers.map(Number))));
    }
};

main();
