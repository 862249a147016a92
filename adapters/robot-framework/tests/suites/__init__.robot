*** Settings ***
Documentation       One execution against the simulator: every group of actions, scopes, failures.
Library             AzureDevOps    simulate=${True}
Suite Setup         Connect
...                 any-token-for-the-simulator
...                 https://dev.azure.com/fabrikam
...                 Fabrikam
...                 scope=Global
...                 session=Shared
