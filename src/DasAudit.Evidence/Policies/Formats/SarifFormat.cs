using System.Text.Json;
using DasAudit.Core.Files;

namespace DasAudit.Evidence.Policies.Formats;

/// <summary>SARIF 2.1.0, which code hosts read: rules with help, results, waivers as suppressions.</summary>
/// <param name="tool">The program that checked.</param>
internal sealed class SarifFormat(ToolInfo tool) : IPolicyFormat
{
    public string Name => "sarif";

    public bool ShowsPictures => true;

    public void Write(PolicyOutcome outcome, TextWriter writer) =>
        writer.WriteLine(JsonSerializer.Serialize(SarifLog.Of(outcome, tool), JsonDocuments.Options));
}
