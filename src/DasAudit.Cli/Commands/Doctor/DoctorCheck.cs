using DasAudit.Cli.CommandLine;

namespace DasAudit.Cli.Commands.Doctor;

/// <summary>One thing that an audit needs.</summary>
/// <param name="Name">What is checked.</param>
/// <param name="Run">
/// Checks it. What an <see cref="Abstractions.AuditException"/> says is the detail of a failure; any other exception
/// is one too.
/// </param>
internal sealed record DoctorCheck(string Name, Func<Invocation, CheckResult> Run);
