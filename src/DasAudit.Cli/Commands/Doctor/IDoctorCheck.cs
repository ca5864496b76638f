using DasAudit.Cli.CommandLine;

namespace DasAudit.Cli.Commands.Doctor;

/// <summary>One thing that an audit needs. Checks run in the order in which they are registered.</summary>
internal interface IDoctorCheck
{
    /// <summary>What is checked.</summary>
    string Name { get; }

    /// <summary>Checks it. An <see cref="Abstractions.AuditException"/> is a failure whose message is the detail; so is any other exception.</summary>
    CheckResult Run(Invocation invocation);
}
