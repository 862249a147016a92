*** Settings ***
Documentation       All imports of an execution are simulated, or none.
Library             AzureDevOps


*** Tasks ***
Half Simulated
    Check Session
