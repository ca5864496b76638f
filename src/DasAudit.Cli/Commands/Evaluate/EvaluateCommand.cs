using System.CommandLine;
using System.Text.Json;
using DasAudit.Cli.CommandLine;
using DasAudit.Cli.Commands.Audits;
using DasAudit.Cli.Output;
using DasAudit.Cli.Settings;
using DasAudit.Core.Evaluation;
using DasAudit.Core.Files;
using DasAudit.Core.Reports;

namespace DasAudit.Cli.Commands.Evaluate;

/// <summary>A command that holds scores against what happens when models are trained again.</summary>
/// <param name="settings">Null for those of an evaluation that trains models and takes losses under them.</param>
internal abstract class EvaluateCommand<TResult>(
    string name,
    string description,
    EvaluationServices services,
    EvaluationSettings? settings = null
) : ToolCommand(name, description)
    where TResult : EvaluationResult
{
    protected EvaluationSettings Evaluation { get; } = settings ?? new();

    /// <summary>The settings that other evaluations do not have.</summary>
    protected virtual IReadOnlyList<ISetting> OwnSettings => [];

    protected override IReadOnlyList<Argument> Positionals => Evaluation.Positionals;

    protected override IReadOnlyList<ISetting> Settings => [.. Evaluation.All(services.Adapters.All), .. OwnSettings];

    public override async Task<int> RunAsync(Invocation invocation, CancellationToken cancellation)
    {
        Evaluation.Check(invocation);
        Check(invocation);
        var output = services.Output;
        if (Evaluation.WriteSlurm(invocation, Name, output))
            return ExitCode.Done;
        using var store = new AuditStore(
            services.Stores,
            invocation.Store,
            invocation.Surroundings.Show(invocation.Store)
        );
        var result = await services
            .Reporter.RunAsync(progress => Evaluate(invocation, store, progress, cancellation))
            .ConfigureAwait(false);
        if (result is null)
            output.Say("This share of the models is trained; when all are, run the command without --shard.");
        else if (invocation.Json)
            output.WriteJson(result);
        else
            Show(result, output);
        return result is null ? ExitCode.Done : ExitCodeOf(result, invocation);
    }

    /// <summary>Refuses what can be refused from the command line.</summary>
    protected virtual void Check(Invocation invocation) { }

    /// <summary>Trains what is missing and measures; null where only a share of the models was to be trained.</summary>
    protected abstract TResult? Evaluate(
        EvaluationRequest request,
        Invocation invocation,
        TimeProvider time,
        IProgress<StageProgress> progress,
        CancellationToken cancellation
    );

    /// <summary>What the exit code says of a result.</summary>
    protected virtual int ExitCodeOf(TResult result, Invocation invocation) => ExitCode.Done;

    /// <summary>Shows a result to a person.</summary>
    protected abstract void Show(TResult result, ToolOutput output);

    private TResult? Evaluate(
        Invocation invocation,
        AuditStore store,
        IProgress<StageProgress> progress,
        CancellationToken cancellation
    )
    {
        var session = services.Torch.Start(invocation.Device, invocation.Threads);
        var subject = Evaluation.Subject(invocation, services.Presets, session, progress, cancellation);
        using var encoder = Evaluation.OpenEncoder(invocation, session.Environment.Threads);
        var request = Evaluation.Read(invocation, services.Requests, subject, encoder, session);
        var result = Evaluate(request, invocation, services.Time, progress, cancellation);
        if (result is not null)
            store.AddEvaluation(Stored(result, subject));
        return result;
    }

    private StoredEvaluation Stored(TResult result, EvaluationSubject subject)
    {
        var now = services.Time.GetUtcNow();
        var created = new DateTimeOffset(now.Ticks - now.Ticks % TimeSpan.TicksPerMillisecond, TimeSpan.Zero);
        return new()
        {
            Id = Ulid.NewUlid(created).ToString(),
            CreatedUtc = created,
            Tool = ToolVersion.Current,
            Evaluation = Name,
            Setting = result.Setting,
            ModelPath = subject.Model,
            ModelSha256 = result.ModelSha256,
            DatasetRoot = result.DatasetRoot,
            Findings = result.Findings,
            Result = JsonSerializer.Serialize(result, JsonDocuments.Options),
        };
    }
}
