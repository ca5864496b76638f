namespace DasAudit.Evidence.Store;

/// <summary>No report has the id, or several begin so.</summary>
public sealed class UnknownReportException : AuditException
{
    internal UnknownReportException(string message)
        : base(message) { }
}
