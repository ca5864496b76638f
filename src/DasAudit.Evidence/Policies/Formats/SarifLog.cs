using System.Text.Json.Serialization;
using DasAudit.Evidence.Document;

namespace DasAudit.Evidence.Policies.Formats;

/// <summary>A log of SARIF 2.1.0 with what das-audit has to say; members have the standard's names.</summary>
internal sealed record SarifLog(string Version, IReadOnlyList<SarifRun> Runs)
{
    private const string SchemaAddress =
        "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

    /// <summary>By it programs know two results for the same; the number changes with what it is made of.</summary>
    private const string Fingerprint = "dasAuditFinding/v1";

    /// <summary>Stands for the folder in which the check ran.</summary>
    private const string Root = "%SRCROOT%";

    [JsonPropertyName("$schema")]
    [JsonPropertyOrder(-1)]
    public string Schema { get; init; } = SchemaAddress;

    internal static SarifLog Of(PolicyOutcome outcome, ToolInfo tool)
    {
        var rules = RuleCatalog.All;
        var driver = new SarifDriver("das-audit", tool.Version, [.. rules.Select(Rule)]);
        var pictures = new SarifPictures(outcome.Pictures);
        var results = outcome.Findings.Select(finding => Result(finding, rules, pictures)).ToList();
        var run = new SarifRun(new(driver), results)
        {
            Artifacts = pictures.Artifacts,
            AutomationDetails = new($"das-audit/policy/{outcome.Policy.File}"),
        };
        return new("2.1.0", [run]);
    }

    private static SarifRule Rule(RuleDescription rule) =>
        new(
            rule.Id,
            rule.Name,
            new(rule.Title),
            new(rule.Explanation),
            new($"{rule.Explanation} {rule.Remedy}")
            {
                Markdown = $"{rule.Explanation}\n\n**What to do.** {rule.Remedy}\n\n```json\n{rule.Example}\n```",
            },
            new(rule.Severity.Name())
        );

    private static SarifResult Result(
        PolicyFinding finding,
        IReadOnlyList<RuleDescription> rules,
        SarifPictures pictures
    )
    {
        var subject = finding.Subject;
        var place = new SarifPhysicalLocation(Artifact(subject.File), new(subject.Line, subject.Column));
        return new(
            finding.Rule.Id,
            rules.Index().First(rule => rule.Item == finding.Rule).Index,
            finding.Severity.Name(),
            new(VisibleText.Of(finding.Message)),
            [new(place)],
            new Dictionary<string, string> { [Fingerprint] = finding.Fingerprint },
            new(subject)
        )
        {
            Suppressions = finding.Waiver is { } waiver ? [Suppression(waiver)] : [],
            Attachments = pictures.Attach(subject),
        };
    }

    private static SarifSuppression Suppression(Waiver waiver) =>
        new("external", "accepted", VisibleText.Of(waiver.Words));

    // Paths below the folder stay relative, so that a code host finds the file in its repository.
    private static SarifArtifactLocation Artifact(string path)
    {
        if (Path.IsPathRooted(path))
            return new(new Uri(path).AbsoluteUri);
        var segments = path.Replace('\\', '/').Split('/').Select(Uri.EscapeDataString);
        return new(string.Join('/', segments)) { UriBaseId = Root };
    }
}

internal sealed record SarifRun(SarifTool Tool, IReadOnlyList<SarifResult> Results)
{
    public required SarifAutomation AutomationDetails { get; init; }

    /// <summary>The pictures that results attach; null for none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<SarifArtifact>? Artifacts { get; init; }

    public string ColumnKind { get; init; } = "utf16CodeUnits";
}

internal sealed record SarifAutomation(string Id);

internal sealed record SarifTool(SarifDriver Driver);

internal sealed record SarifDriver(string Name, string SemanticVersion, IReadOnlyList<SarifRule> Rules);

internal sealed record SarifRule(
    string Id,
    string Name,
    SarifText ShortDescription,
    SarifText FullDescription,
    SarifText Help,
    SarifConfiguration DefaultConfiguration
);

internal sealed record SarifConfiguration(string Level);

internal sealed record SarifText(string Text)
{
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Markdown { get; init; }
}

internal sealed record SarifResult(
    string RuleId,
    int RuleIndex,
    string Level,
    SarifText Message,
    IReadOnlyList<SarifLocation> Locations,
    IReadOnlyDictionary<string, string> PartialFingerprints,
    SarifProperties Properties
)
{
    /// <summary>Empty means that it was looked for and nothing suppresses the result.</summary>
    public IReadOnlyList<SarifSuppression> Suppressions { get; init; } = [];

    /// <summary>Null for none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<SarifAttachment>? Attachments { get; init; }
}

/// <summary>What SARIF has no members for.</summary>
internal sealed record SarifProperties(FindingSubject Subject);

internal sealed record SarifLocation(SarifPhysicalLocation PhysicalLocation);

internal sealed record SarifPhysicalLocation(SarifArtifactLocation ArtifactLocation, SarifRegion Region);

internal sealed record SarifArtifactLocation(string Uri)
{
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? UriBaseId { get; init; }
}

internal sealed record SarifRegion(int StartLine, int StartColumn);

internal sealed record SarifSuppression(string Kind, string Status, string Justification);

/// <summary>A picture within the log.</summary>
internal sealed record SarifArtifact(string MimeType, SarifContents Contents)
{
    public IReadOnlyList<string> Roles { get; init; } = ["attachment"];
}

/// <param name="Binary">In Base64.</param>
internal sealed record SarifContents(byte[] Binary);

internal sealed record SarifAttachment(SarifText Description, SarifArtifactIndex ArtifactLocation);

internal sealed record SarifArtifactIndex(int Index);
