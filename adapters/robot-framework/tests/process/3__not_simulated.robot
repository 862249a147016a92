*** Settings ***
Documentation       An execution is simulated whole or not at all.
Library             AzureDevOps


*** Tasks ***
Half Simulated
    Check Session
