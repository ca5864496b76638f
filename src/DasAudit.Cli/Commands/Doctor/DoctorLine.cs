using System.Text.Json.Serialization;
using DasAudit.Cli.CommandLine;

namespace DasAudit.Cli.Commands.Doctor;

/// <summary>A line of what the doctor says.</summary>
/// <param name="Path">The path that it is about, as given; null, and left out, for the machine.</param>
internal sealed record DoctorLine(
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Path,
    string Name,
    CheckStatus Status,
    string Detail,
    string? Remedy
)
{
    public static DoctorLine Of(string? path, string name, CheckResult result, Invocation invocation) =>
        new(path, name, result.Status, invocation.WithOptionNames(result.Detail), result.Remedy);
}
