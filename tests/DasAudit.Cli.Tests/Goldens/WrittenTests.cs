namespace DasAudit.Cli.Tests.Goldens;

/// <summary>What the tool writes, byte for byte, is what it wrote when the expected files were made.</summary>
[Collection(nameof(GoldenTests))]
public sealed class WrittenTests(GoldenRuns runs)
{
    public static TheoryData<string> Audits() => [.. AuditCases.Cases.Select(audit => audit.Name)];

    public static TheoryData<string> Others() =>
        [
            .. OtherCases.Preparations.SelectMany(stage => stage).Select(run => $"runs/{run.Name}"),
            .. OtherCases.Texts.Select(run => $"texts/{run.Name}"),
            .. OtherCases.Bad.Select(run => $"bad/{run.Name}"),
            .. OtherCases.Help.Select(run => $"help/{run.Name}"),
        ];

    [Theory]
    [MemberData(nameof(Audits))]
    public void Reports_and_their_exports(string name)
    {
        Expected.Equals($"audits/{name}.json", Text($"audits/{name}.json"));
        if (!AuditCases.Exported.Contains(name))
            return;
        foreach (var report in name == "several" ? new[] { "several-1", "several-2" } : [name])
        foreach (var ending in new[] { "md", "csv", "html.gz" })
            Expected.Equals($"audits/{report}.{ending}", Text($"audits/{report}.{ending}"));
    }

    [Theory]
    [MemberData(nameof(Others))]
    public void Sentences_and_documents(string name) => Expected.Equals($"{name}.txt", Text($"{name}.txt"));

    [Fact]
    public void No_expected_file_is_left_over()
    {
        if (Expected.Renews)
            return;
        var written = Expected.Names().Where(name => !name.StartsWith("kept/", StringComparison.Ordinal));
        Assert.Equal(runs.Texts.Keys.Order(StringComparer.Ordinal), written.Order(StringComparer.Ordinal));
    }

    private string Text(string name) => runs.Texts.TryGetValue(name, out var text) ? text : $"{name} was not written.";
}
