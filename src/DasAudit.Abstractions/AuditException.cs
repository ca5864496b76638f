namespace DasAudit.Abstractions;

/// <summary>
/// An expected failure: something the person at the keyboard can do something about (a bad file, a missing adapter, a
/// damaged store). The message is one sentence that names the thing and the remedy; the tool prints it alone, without a
/// stack trace, and exits with 1. Anything else that escapes is a bug and is shown with its stack trace.
/// </summary>
/// <param name="message">One sentence with the remedy.</param>
/// <param name="inner">The cause, kept for debugging; never printed.</param>
public class AuditException(string message, Exception? inner = null) : Exception(message, inner);
