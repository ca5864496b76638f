using DasAudit.Cli.CommandLine;

namespace DasAudit.Cli.Commands.Doctor;

/// <summary>One thing that an audit needs.</summary>
/// <param name="Run">Any exception is a failure; what an AuditException says is its detail.</param>
internal sealed record DoctorCheck(string Name, Func<Invocation, CheckResult> Run);
