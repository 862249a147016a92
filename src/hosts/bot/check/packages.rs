//! The packages of the designer that this host does not support, and why.

/// The member of an error's context that names such a package
pub const UNSUPPORTED_PACKAGE: &str = "package";

const DESKTOP: &str = "drives a desktop, and this host has no screen";
const OFFICE: &str = "works with an Office program, which this host does not start";
const MAIL: &str = "sends and reads mail, which this host does not do";
const SERVICE: &str = "calls another service, which this host does not do";
const PROGRAM: &str = "starts programs or runs code, which this host does not do";
const DOCUMENT: &str = "reads documents or images, which this host does not do";
const PLATFORM: &str = "works with the platform that owns the bot, which this host is not";

/// The packages with a known purpose; most are desktop packages
const PACKAGES: &[(&str, &str)] = &[
    ("Recorder", DESKTOP),
    ("Mouse", DESKTOP),
    ("Keystrokes", DESKTOP),
    ("SimulateKeystrokes", DESKTOP),
    ("Window", DESKTOP),
    ("Screen", DESKTOP),
    ("Clipboard", DESKTOP),
    ("Browser", DESKTOP),
    ("WebAutomation", DESKTOP),
    ("LegacyAutomation", DESKTOP),
    ("ImageRecognition", DESKTOP),
    ("Image Recognition", DESKTOP),
    ("AISense", DESKTOP),
    ("TerminalEmulator", DESKTOP),
    ("Prompt", DESKTOP),
    ("Interactive forms", DESKTOP),
    ("PlaySound", DESKTOP),
    ("SAP", DESKTOP),
    ("Excel", OFFICE),
    ("Excel_MS", OFFICE),
    ("Microsoft 365 Excel", OFFICE),
    ("Word", OFFICE),
    ("MSWord", OFFICE),
    ("PowerPoint", OFFICE),
    ("Email", MAIL),
    ("Outlook", MAIL),
    ("Microsoft 365 Outlook", MAIL),
    ("Gmail", MAIL),
    ("Rest", SERVICE),
    ("REST Web Services", SERVICE),
    ("Soap", SERVICE),
    ("SOAPWebService", SERVICE),
    ("FTP", SERVICE),
    ("Ftp_Sftp", SERVICE),
    ("Database", SERVICE),
    ("SharePoint", SERVICE),
    ("ActiveDirectory", SERVICE),
    ("Ping", SERVICE),
    ("Application", PROGRAM),
    ("Python", PROGRAM),
    ("JavaScript", PROGRAM),
    ("VBScript", PROGRAM),
    ("DLL", PROGRAM),
    ("Run DLL", PROGRAM),
    ("Service", PROGRAM),
    ("Printer", PROGRAM),
    ("OCR", DOCUMENT),
    ("PDF", DOCUMENT),
    ("IQBot", DOCUMENT),
    ("DocumentAutomation", DOCUMENT),
    ("TriggerLoop", PLATFORM),
    ("WorkItem", PLATFORM),
    ("Workload", PLATFORM),
    ("Credential Manager", PLATFORM),
    ("CredentialManager", PLATFORM),
    ("AnalyzeData", PLATFORM),
];

/// Returns why a package is not supported, as the end of a sentence; `None` for an unknown package
pub(crate) fn why_unsupported(package: &str) -> Option<&'static str> {
    PACKAGES.iter().find(|(name, _)| name.eq_ignore_ascii_case(package)).map(|(_, why)| *why)
}
