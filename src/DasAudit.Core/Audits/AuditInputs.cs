using DasAudit.Core.Candidates;
using DasAudit.Core.Datasets;
using DasAudit.Core.Diffusion;
using DasAudit.Core.Models;

namespace DasAudit.Core.Audits;

/// <summary>What an audit looks at. Relative paths start at <see cref="AuditMachine.WorkingDirectory"/>.</summary>
public sealed record AuditInputs
{
    /// <summary>Paths of the generated pictures; one report each.</summary>
    public required IReadOnlyList<string> Images { get; init; }

    /// <summary>The model that made them.</summary>
    public required ModelSource Model { get; init; }

    /// <summary>The dataset the model was trained on: a folder.</summary>
    public required string Dataset { get; init; }

    /// <summary>How the dataset is read.</summary>
    public TrainingSetOptions DatasetOptions { get; init; } = new();

    /// <summary>
    /// Pictures the model was not trained on, which show the scores of mere chance: a folder, or <c>split:NAME</c> for
    /// the dataset's split NAME, which then holds no training pictures (see <see cref="DecoySource"/>). Null for none.
    /// </summary>
    public string? Decoys { get; init; }

    /// <summary>
    /// A folder of other pictures that the model generated: where there are no decoys, a training picture's score for
    /// the audited one is tested against its scores for these. Null for none.
    /// </summary>
    public string? NullQueries { get; init; }

    /// <summary>
    /// Models trained on parts of the dataset, for methods that compare them: folders of models, or models, each with
    /// its <see cref="Training.TrainingRecord"/>.
    /// </summary>
    public IReadOnlyList<string> Retrained { get; init; } = [];

    /// <summary>The image encoder of the semantic tier, which stays the caller's; null for none.</summary>
    public IImageEncoder? Encoder { get; init; }

    /// <summary>
    /// Class index that each picture was generated with, in their order, or one for all; empty for a model that knows
    /// no classes.
    /// </summary>
    public IReadOnlyList<int> QueryClasses { get; init; } = [];

    /// <summary>What the pictures are said to have been generated with.</summary>
    public GivenPrompts Prompts { get; init; } = new();

    /// <summary>
    /// Seed that each picture was generated from, in their order; null for those that <c>generate</c> named after
    /// theirs, <c>seed-N.png</c>. Believed only if the model makes the picture from it again.
    /// </summary>
    public IReadOnlyList<long>? QuerySeeds { get; init; }

    /// <summary>
    /// How the pictures were generated, for methods that follow their sampling; what a picture says of its own steps,
    /// sampler and guidance holds before it.
    /// </summary>
    public GeneratorOptions Sampling { get; init; } = new();

    /// <summary>How the dataset is read, with the name that messages call it by.</summary>
    internal TrainingSetOptions ShownDatasetOptions => DatasetOptions with { ShownAs = Dataset };

    /// <summary>The class of all pictures; null where there are several or none.</summary>
    internal int? CommonClass => QueryClasses.Distinct().ToList() is [var only] ? only : null;

    /// <summary>The class of a picture; null for none.</summary>
    internal int? ClassOf(int index) =>
        QueryClasses switch
        {
            [] => null,
            [var only] => only,
            _ => QueryClasses[index],
        };

    /// <summary>The first pictures alone, with what is said of each.</summary>
    internal AuditInputs OfFirst(int count) =>
        this with
        {
            Images = [.. Images.Take(count)],
            QuerySeeds = QuerySeeds?.Take(count).ToList(),
            QueryClasses = QueryClasses is [_] ? QueryClasses : [.. QueryClasses.Take(count)],
        };
}
