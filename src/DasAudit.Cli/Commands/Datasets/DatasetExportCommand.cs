using System.CommandLine;
using System.Globalization;
using DasAudit.Cli.CommandLine;
using DasAudit.Cli.Output;
using DasAudit.Cli.Settings;
using DasAudit.Core.Datasets;
using DasAudit.Core.Datasets.Checks;
using DasAudit.Core.Files;
using DasAudit.Evidence.Exports;
using DasAudit.Evidence.Exports.Datasets;

namespace DasAudit.Cli.Commands.Datasets;

internal sealed class DatasetExportCommand(DatasetReader reader, TimeProvider time, ToolOutput output)
    : ToolCommand(
        "export",
        "Describe a dataset for other programs (Croissant), or draft the public summary of training content that the "
            + "EU's AI Office asks for."
    )
{
    private const string StandardOutput = "-";

    private readonly Argument<string> _folder = DatasetReader.Folder();
    private readonly DatasetSettings _dataset = new("The training pictures");
    private readonly Setting<DatasetForm> _format = Setting.Choice(
        "--format",
        "Croissant 1.1 (JSON-LD), or the draft of a public summary (Markdown)",
        ("croissant", DatasetForm.Croissant),
        ("public-summary", DatasetForm.PublicSummary)
    );
    private readonly Setting<string> _file = Setting.Text(
        "--output",
        "FILE",
        $"Where to write, {StandardOutput} for standard output",
        StandardOutput
    );
    private readonly Setting<Uri?> _address = Setting.Parsed<Uri?>(
        "--url",
        "URL",
        "The dataset's page, for Croissant.",
        ReadAddress,
        null
    );
    private readonly Setting<string?> _creator = Setting.Text(
        "--creator",
        "NAME",
        "Who made the dataset, for Croissant"
    );
    private readonly Setting<DateOnly?> _published = Setting.Parsed<DateOnly?>(
        "--published",
        "YYYY-MM-DD",
        "When it was published, for Croissant.",
        ReadDate,
        null
    );

    public override IReadOnlyList<(string CommandLine, string Does)> Examples =>
        [
            (
                "dataset export pictures/ --output croissant.json --creator 'Ann Artist'",
                "Every file with its hash, every picture with its rights."
            ),
            (
                "dataset export pictures/ --format public-summary --output summary.md",
                "What the dataset shows is filled in; the provider fills in the rest."
            ),
        ];

    public override string Notes =>
        "Nothing is invented: what Croissant requires and nobody states is left out and named; what the template of "
        + "the AI Office asks for and the dataset does not show is marked 'To be filled in by the provider'.";

    protected override IReadOnlyList<Argument> Positionals => [_folder];

    protected override IReadOnlyList<ISetting> Settings =>
        [.. _dataset.Reading, _format, _file, _address, _creator, _published];

    public override async Task<int> RunAsync(Invocation invocation, CancellationToken cancellation)
    {
        var form = invocation.Get(_format);
        var file = invocation.Get(_file);
        Check(invocation, form, file);
        var folder = invocation.Get(_folder);
        var set = await reader.ReadAsync(invocation, folder, _dataset, cancellation).ConfigureAwait(false);
        if (file == StandardOutput)
            output.WriteText(writer => Write(invocation, set, form, writer));
        else
            WriteFile(invocation, set, form, file);
        return ExitCode.Done;
    }

    private void Check(Invocation invocation, DatasetForm form, string file)
    {
        if (form == DatasetForm.Croissant)
            return;
        if (invocation.Json && file == StandardOutput)
            throw new UsageException(
                "--json leaves no room for public-summary on standard output; give --output FILE."
            );
        ISetting[] ofCroissant = [_address, _creator, _published];
        if (ofCroissant.FirstOrDefault(setting => invocation.Source(setting)?.StartsWith('-') == true) is { } given)
            throw new UsageException($"{given.Name} is for --format croissant; the provider fills in the summary.");
    }

    private void Write(Invocation invocation, TrainingSet set, DatasetForm form, TextWriter writer)
    {
        if (form == DatasetForm.PublicSummary)
        {
            new PublicSummary(set, DatasetCheck.Run(set, time)).Write(writer);
            return;
        }

        var details = new DatasetDetails(
            invocation.Get(_address),
            invocation.Get(_creator),
            invocation.Get(_published)
        );
        JsonText.Write(CroissantDocument.Of(set, details), writer);
        var missing = CroissantDocument.Missing(set, details).ToList();
        if (missing.Count > 0)
            output.Say(
                $"Croissant also requires {string.Join(", ", missing)}, which nothing states; --url, --creator and "
                    + "--published give the first three, licences stand in the metadata."
            );
    }

    private void WriteFile(Invocation invocation, TrainingSet set, DatasetForm form, string file)
    {
        AtomicFile.Write(invocation.Resolve(file), (TextWriter writer) => Write(invocation, set, form, writer));
        if (invocation.Json)
            output.WriteJson(
                new
                {
                    schema = "das-audit/dataset-export/1",
                    dataset = invocation.Get(_folder),
                    root = set.Root,
                    format = form == DatasetForm.Croissant ? "croissant" : "public-summary",
                    file,
                }
            );
        else
            output.Say($"Wrote {file}.");
    }

    private static Uri ReadAddress(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var address) && (address.Scheme is "http" or "https")
            ? address
            : throw new FormatException($"takes an address that begins with http:// or https://, not '{text}'.");

    private static DateOnly? ReadDate(string text) =>
        DateOnly.TryParseExact(text, "O", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date)
            ? date
            : throw new FormatException($"takes a date such as 2026-03-14, not '{text}'.");
}
