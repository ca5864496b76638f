using System.Globalization;
using DasAudit.Core.Datasets;
using DasAudit.Core.Diffusion;
using DasAudit.Core.Files;
using DasAudit.Core.Reports;

namespace DasAudit.Core.Evaluation.Holdout;

/// <summary>Someone who adds near-duplicates of pictures of the largest group to a dataset, and claims them.</summary>
internal sealed class Copier
{
    /// <summary>The group of the near-duplicates.</summary>
    public const string Name = "copier";

    private Copier(string copied, IReadOnlyList<TrainingItem> pictures) => (Copied, Pictures) = (copied, pictures);

    /// <summary>The group whose pictures are copied.</summary>
    public string Copied { get; }

    /// <summary>The pictures that are copied.</summary>
    public IReadOnlyList<TrainingItem> Pictures { get; }

    /// <summary>Refuses keys under which nothing can be claimed, and methods that follow the sampling.</summary>
    public static void Check(HoldoutRequest request)
    {
        if (request.By == GroupKey.Cluster || request.By == GroupKey.Class)
            throw new AuditException(
                $"Nobody claims pictures by {request.By.Name}; leave out {Settings.Name("copier")}, or choose another "
                    + $"{Settings.Name("by")}."
            );
        var methods = request.Common.Audit.Options.Methods;
        if (methods.FirstOrDefault(method => method.Needs.Trajectory) is { } method)
            throw new AuditException(
                $"The method {method.Description.Id} follows how the audited model made the pictures, and with "
                    + $"{Settings.Name("copier")} another model is looked at; leave one of the two out."
            );
    }

    /// <summary>Chooses pictures of the largest group at random; of groups as large, of the first.</summary>
    /// <param name="count">At least 1.</param>
    /// <exception cref="AuditException">There are not so many, or there is a group of that name.</exception>
    public static Copier Of(HoldoutGroups groups, int count, long seed)
    {
        if (groups.Keys.Contains(Name))
            throw new AuditException(
                $"The dataset has a group '{Name}' of its own; leave out {Settings.Name("copier")}."
            );
        var copied = groups.Keys.MaxBy(key => groups.Members(key).Count)!;
        var members = groups.Members(copied);
        if (members.Count < count)
            throw new AuditException(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"The largest group, '{copied}', has {members.Count} pictures, not {count} to copy; lower "
                        + $"{Settings.Name("copier")}."
                )
            );
        var order = new NoiseSource(seed).Permutation(new(NoisePurpose.NearDuplicate, 0, 0), members.Count);
        return new(copied, [.. order.Take(count).Order().Select(place => members[place])]);
    }
}
