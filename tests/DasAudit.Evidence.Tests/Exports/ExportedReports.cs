using System.Text.Json.Nodes;
using DasAudit.Core.Reports;

namespace DasAudit.Evidence.Tests.Exports;

/// <summary>Reports of every kind, and what exporters make of them.</summary>
internal static class ExportedReports
{
    /// <summary>Text that no format may take for its own.</summary>
    internal const string Hostile = "ä\u0000<b>\u202e\"\\ =1+1 %41 \u001b[31m";

    private static readonly Dictionary<string, Func<StoredReport>> All = new()
    {
        ["usual"] = () => SampleReport.Create(),
        ["sparse"] = SampleReport.Sparse,
        ["evidence"] = SampleReport.WithEvidence,
        ["curve"] = SampleReport.WithCurve,
        ["hostile"] = () => SampleReport.WithEveryText(Hostile),
        ["no pictures"] = () => SampleReport.Create(attributions: 0),
        ["loras"] = WithLoras,
        ["odd licences"] = WithLicenses,
    };

    internal static TheoryData<string> Names() => [.. All.Keys];

    internal static StoredReport Report(string name) => All[name]();

    internal static JsonNode Document(IReportExporter exporter, StoredReport report) =>
        JsonNode.Parse(Expected.Text(exporter, report))!;

    private static StoredReport WithLoras()
    {
        var sample = SampleReport.Create();
        LoraInfo[] loras =
        [
            new("a.safetensors", 0.5, SampleReport.Sha256("a")),
            new("b", -1, SampleReport.Sha256("b")),
        ];
        return sample with
        {
            Report = sample.Report with { Model = sample.Report.Model with { With = new() { Loras = loras } } },
        };
    }

    private static StoredReport WithLicenses()
    {
        var sample = SampleReport.Create(attributions: 6);
        string?[] licenses = ["MIT OR Apache-2.0", "CC BY 4.0", "all rights reserved", "LicenseRef-own", "(", null];
        return sample with
        {
            Report = sample.Report with
            {
                Attributions =
                [
                    .. sample.Report.Attributions.Select(
                        (picture, i) => picture with { License = licenses[i], Source = i % 2 == 0 ? "a drawer" : null }
                    ),
                ],
            },
        };
    }
}
