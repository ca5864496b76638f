using System.Globalization;
using DasAudit.Core.Datasets;
using DasAudit.Core.Features.Store;
using DasAudit.Core.Training.Replay;

namespace DasAudit.Core.Audits;

/// <summary>
/// Influences through the end of training, for all queries and all that is scored for any of them, once.
/// </summary>
internal sealed class ReplayReader(AuditMaterial material, IReadOnlyList<AuditQuery> queries, AuditStages stages)
{
    private readonly Dictionary<int, int> _positions = [];
    private ReplayScores? _scores;

    /// <summary>A sentence where the replay did not end at the very weights of the model.</summary>
    public IEnumerable<string> Notes =>
        _scores is { Difference: > 0 and var difference }
            ?
            [
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"The replayed training ended at weights that differ from the model's by {difference:0.#e-0} of "
                        + $"their length, as they do where weights were rounded or another machine trained them."
                ),
            ]
            : [];

    /// <summary>Of one query, [1][scored picture].</summary>
    public double[][] Of(AuditQuery query)
    {
        _scores ??= Compute();
        var position = queries.Index().First(audited => audited.Item.Picture.Index == query.Picture.Index).Index;
        var rises = _scores.Rises[position];
        return
        [
            [.. query.Scored.Select(item => rises[_positions[item.Index]])],
        ];
    }

    private ReplayScores Compute()
    {
        var model = material.Model;
        TrainingItem[] scored =
        [
            .. queries.SelectMany(query => query.Scored).DistinctBy(item => item.Index).OrderBy(item => item.Index),
        ];
        foreach (var (position, item) in scored.Index())
            _positions[item.Index] = position;
        var request = material.Plan.Request;
        return new ReplayEngine(model, request.Options.Gradients, request.Machine.Threads).Compute(
            material.Pool.Members,
            [.. queries.Select(query => query.Input.Picture)],
            [.. scored.Select(item => KeyedPicture.Of(model.Model, material.Pool, item).Picture)],
            stages.Progress,
            stages.Cancellation
        );
    }
}
