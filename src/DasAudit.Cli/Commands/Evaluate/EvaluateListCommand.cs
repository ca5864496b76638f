using DasAudit.Cli.CommandLine;
using DasAudit.Cli.Output;
using DasAudit.Cli.Settings;
using DasAudit.Core.Reports;
using DasAudit.Evidence.Document;
using static DasAudit.Cli.Settings.Setting;

namespace DasAudit.Cli.Commands.Evaluate;

internal sealed class EvaluateListCommand(ReportStores stores, ToolOutput output)
    : ToolCommand(
        "list",
        "List the evaluations that the store holds, newest first; reports on their models quote them."
    )
{
    private const string SchemaId = "das-audit/evaluations/1";

    private static readonly IReadOnlyList<Column<StoredEvaluation>> Columns =
    [
        new("id", evaluation => Content.Foreign(evaluation.Id), ColumnKind.Word),
        new("made (UTC)", evaluation => Content.Words(Figures.Moment(evaluation.CreatedUtc)), ColumnKind.Word),
        new("evaluation", evaluation => Content.Words(evaluation.Evaluation), ColumnKind.Word),
        new("model", evaluation => Content.Foreign(evaluation.ModelPath)),
        new("setting", evaluation => Content.Foreign(evaluation.Setting)),
    ];

    private readonly Setting<string?> _model = Text(
        "--model",
        "TEXT",
        "Only those of models whose path holds this, or whose weights' SHA-256 begins so"
    );

    protected override IReadOnlyList<ISetting> Settings => [_model];

    public override Task<int> RunAsync(Invocation invocation, CancellationToken cancellation)
    {
        using var store = stores.OpenToRead(invocation.Store);
        var model = invocation.Get(_model);
        var evaluations = store.Evaluations().Where(evaluation => model is null || IsOf(evaluation, model)).ToList();
        if (invocation.Json)
            output.WriteJson(new ListDocument<StoredEvaluation>(SchemaId, evaluations));
        else if (evaluations.Count == 0)
            output.Say("No evaluations.");
        else
            output.Write(TableView.Of(DocumentTable.Of("Evaluations", Columns, evaluations)));
        return Task.FromResult(ExitCode.Done);
    }

    private static bool IsOf(StoredEvaluation evaluation, string model) =>
        evaluation.ModelPath.Contains(model, StringComparison.OrdinalIgnoreCase)
        || evaluation.ModelSha256.StartsWith(model, StringComparison.OrdinalIgnoreCase);
}
