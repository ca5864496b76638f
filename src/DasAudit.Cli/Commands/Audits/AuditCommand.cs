using System.CommandLine;
using DasAudit.Cli.CommandLine;
using DasAudit.Cli.Output;
using DasAudit.Cli.Settings;
using DasAudit.Cli.Shell;

namespace DasAudit.Cli.Commands.Audits;

/// <summary><c>audit IMAGE… --model DIR --dataset DIR</c>.</summary>
internal sealed class AuditCommand : ToolCommand
{
    private readonly Argument<string[]> _images = new("IMAGE")
    {
        Description = "Generated pictures; one report each.",
        Arity = ArgumentArity.OneOrMore,
    };
    private readonly Setting<string> _model = Setting.Required("--model", "DIR", "The model that made the pictures");
    private readonly Setting<string> _dataset = Setting.Required(
        "--dataset",
        "DIR",
        "The pictures the model was trained on, with their rights"
    );
    private readonly AuditSettings _settings = new();
    private readonly AuditRunner _runner;
    private readonly CommonSettings _common;
    private readonly Surroundings _surroundings;
    private readonly ToolOutput _output;

    public AuditCommand(
        AuditRunner runner,
        AdapterSelection adapters,
        CommonSettings common,
        Surroundings surroundings,
        ToolOutput output
    )
        : base("audit", "Say which training pictures generated pictures are owed to, and store the reports.")
    {
        (_runner, _common, _surroundings, _output) = (runner, common, surroundings, output);
        Arguments.Add(_images);
        foreach (var setting in new ISetting[] { _model, _dataset, adapters.Adapter }.Concat(_settings.All))
            Options.Add((Option)setting);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<(string CommandLine, string Does)> Examples =>
        [
            ("audit picture.png --model ddpm/ --dataset pictures/ --candidates all", "Score every training picture."),
            (
                "audit *.png --model ddpm/ --dataset pictures/ --encoder clip/",
                "Score the 1000 most similar of a large dataset."
            ),
        ];

    /// <inheritdoc/>
    public override async Task<int> RunAsync(Invocation invocation, CancellationToken cancellation)
    {
        var inputs = new AuditInputs(
            invocation.Get(_images),
            invocation.Get(_model),
            invocation.Get(_dataset),
            invocation.Get(_settings.Encoder)
        );
        var reports = await _runner
            .RunAsync(
                inputs,
                _surroundings.Resolve(invocation.Get(_common.Store)),
                invocation,
                request => _settings.Apply(invocation, request, _surroundings, invocation.Get(_common.Seed)),
                cancellation
            )
            .ConfigureAwait(false);

        if (invocation.Get(_common.Json) && reports.Count == 1)
            _output.WriteJson(reports[0].Report);
        else if (invocation.Get(_common.Json))
            ReportTable.Print(_output, [.. reports.Select(report => report.Report)], json: true);
        else
        {
            foreach (var report in reports)
                _output.Write(ReportView.Of(report.Report));
            _output.SayUnbroken(
                $"Stored. As a page: das-audit reports export {reports[0].Report.Id} --output report.html{StoreOption(invocation)}"
            );
        }
        return ExitCode.Done;
    }

    // So that the command can be copied as it stands.
    private string StoreOption(Invocation invocation) =>
        invocation.Get(_common.Store) is var store && store != _common.Store.Fallback
            ? $" --store {CommandLineText.Argument(store)}"
            : "";
}
