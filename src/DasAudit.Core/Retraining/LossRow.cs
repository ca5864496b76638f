using CsvHelper.Configuration.Attributes;

namespace DasAudit.Core.Retraining;

/// <summary>What one model makes of one query at one timestep; the names are those of the columns.</summary>
/// <param name="Change">NaN where it is not known.</param>
internal sealed record LossRow(
    [property: Name("model")] string Model,
    [property: Name("query")] string Query,
    [property: Name("timestep")] int Timestep,
    [property: Name("loss")] double Loss,
    [property: Name("change")] double Change
);
