using DasAudit.Abstractions;
using DasAudit.Core.Reports;

namespace DasAudit.Cli.Commands;

/// <summary>Opens evidence stores.</summary>
internal interface IReportStores
{
    /// <summary>Opens the store at a path.</summary>
    /// <param name="path">Absolute path.</param>
    /// <param name="forWriting">Whether reports will be added; the store is created if it is missing.</param>
    /// <exception cref="AuditException">There is none to read, or it cannot be used.</exception>
    IReportStore Open(string path, bool forWriting);
}
