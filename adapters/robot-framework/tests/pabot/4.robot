*** Settings ***
Documentation       One of four equal suites: each runs in a separate process and finds no session of another.
Resource            alone.resource
Suite Setup         Connect To Both Scopes


*** Tasks ***
Work Alone
    The Process Has Its Own Sessions And Simulator
