using DasAudit.Core.Audits;
using DasAudit.Core.Datasets;

namespace DasAudit.Core.Planning;

/// <summary>How many pictures an audit will read and what reading them takes.</summary>
/// <param name="NullQueries">Number of other pictures that the model generated.</param>
internal sealed record PoolSurvey(DatasetSurvey Members, DatasetSurvey? Decoys, int NullQueries)
{
    /// <summary>Training pictures and decoys.</summary>
    public int Count => Members.Count + (Decoys?.Count ?? 0);

    /// <summary>Reading them, as stages.</summary>
    public IEnumerable<StagePlan> Stages
    {
        get
        {
            yield return Stage("dataset", Members);
            if (Decoys is not null)
                yield return Stage("decoys", Decoys);
        }
    }

    /// <summary>Looks at the pictures; without audited ones, nothing is held against decoys or other queries.</summary>
    public static PoolSurvey Of(AuditRequest request, CancellationToken cancellation)
    {
        var inputs = request.Inputs;
        var shown = inputs.ShownDatasetOptions;
        if (inputs.Images.Count == 0)
            return new(Survey(inputs.Dataset, shown), null, 0);
        var members = Survey(inputs.Dataset, DecoySource.MemberOptions(inputs.Decoys, shown));
        DatasetSurvey? decoys = null;
        if (inputs.Decoys is not null)
        {
            var (path, options) = DecoySource.Location(inputs.Decoys, inputs.Dataset, shown);
            decoys = Survey(path, options);
        }

        var nullQueries = inputs.NullQueries is { } folder ? Survey(folder, shown.ForOther(folder)).Count : 0;
        return new(members, decoys, nullQueries);

        DatasetSurvey Survey(string path, TrainingSetOptions options) =>
            DatasetSurvey.Of(request.Resolve(path), options, cancellation);
    }

    private static StagePlan Stage(string name, DatasetSurvey survey) =>
        new(name, survey.Count, survey.Count * survey.SecondsPerPicture);
}
