*** Settings ***
Documentation       The program ends during a suite.
Library             AzureDevOps    simulate=${True}
Suite Setup         Connect    env:AZDO_PAT    https://dev.azure.com/fabrikam    Fabrikam


*** Tasks ***
The Program Dies
    Evaluate    AzureDevOps.library._execution.serve._process.kill()
    Get Project
