using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;
using DasAudit.Core.Gradients;
using DasAudit.Core.Projections;

namespace DasAudit.Core.Features.Store;

/// <summary>Everything that the features of a picture depend on beside the picture.</summary>
public sealed record FeatureSettings
{
    /// <summary>Raised when a version of the tool gives other numbers under the same settings.</summary>
    public const int CurrentComputation = 1;

    /// <summary>See <see cref="Models.ModelSource.Hash"/>.</summary>
    public required string ModelSha256 { get; init; }

    /// <summary>Name of the adapter that loads the model.</summary>
    public required string Adapter { get; init; }

    /// <summary>Version of its assembly.</summary>
    public required string AdapterVersion { get; init; }

    /// <summary>Rules of a <see cref="ParameterFilter"/>; null for all parameters.</summary>
    public required string? Parameters { get; init; }

    /// <summary>p.</summary>
    public required int AttributedParameters { get; init; }

    /// <summary>Each as <see cref="FeatureKind.ToString"/> writes it, in ordinal order.</summary>
    public required IReadOnlyList<string> Kinds { get; init; }

    /// <summary>See <see cref="AdamMetric.Sha256"/>; null for the usual inner product.</summary>
    public required string? MetricSha256 { get; init; }

    /// <summary>The timesteps, ascending.</summary>
    public required IReadOnlyList<int> Timesteps { get; init; }

    /// <summary>R.</summary>
    public required int Replicates { get; init; }

    /// <summary>Seed of noise, projection and random probes.</summary>
    public required long Seed { get; init; }

    /// <summary>As <see cref="ProjectionOptions.ToString"/> writes it.</summary>
    public required string Projection { get; init; }

    /// <summary>See <see cref="GradientPrecisions.Name"/>.</summary>
    public required string Precision { get; init; }

    /// <summary><see cref="CurrentComputation"/> of the tool.</summary>
    public required int Computation { get; init; }

    /// <summary>See <see cref="GradientOptions.AttributedPart"/>; null for all.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? AttributedPart { get; init; }

    /// <summary>See <see cref="GradientOptions.FirstReplicate"/>.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public int FirstReplicate { get; init; }

    /// <summary>SHA-256 of all of them, lower-case hexadecimal.</summary>
    internal string Digest => Convert.ToHexStringLower(SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(this)));

    /// <summary>Rows of a kind that each picture has; 0 for one that is not in <see cref="Kinds"/>.</summary>
    internal int RowsOf(FeatureKind kind) =>
        Kinds.Contains(kind.ToString()) ? kind.Rows(Replicates, Timesteps.Count) : 0;

    /// <summary>The settings of a computation.</summary>
    /// <param name="model">The model; which of its parameters require gradients is changed to those attributed.</param>
    /// <exception cref="AuditException">The options do not fit the model.</exception>
    public static FeatureSettings Of(
        IDiffusionModel model,
        string modelSha256,
        string adapter,
        string adapterVersion,
        GradientOptions options
    )
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(options);
        return new()
        {
            ModelSha256 = modelSha256,
            Adapter = adapter,
            AdapterVersion = adapterVersion,
            Parameters = options.Parameters,
            AttributedParameters = Gradients
                .AttributedParameters.Select(model, options.Parameters, part: options.AttributedPart)
                .Count,
            Kinds = [.. options.Kinds.Select(kind => kind.ToString()).Distinct().Order(StringComparer.Ordinal)],
            MetricSha256 = options.Metric?.Sha256,
            Timesteps = options.TimestepGrid(model.Process.TrainTimesteps),
            Replicates = options.Replicates,
            Seed = options.Seed,
            Projection = options.Projection.ToString(),
            Precision = options.Precision.Name(),
            Computation = CurrentComputation,
            AttributedPart = options.Parameters is null ? options.AttributedPart : null,
            FirstReplicate = options.FirstReplicate,
        };
    }

    /// <summary>The first setting that differs, such as <c>replicates 4, not 2</c>; null if there is none.</summary>
    public string? Difference(FeatureSettings wanted)
    {
        ArgumentNullException.ThrowIfNull(wanted);
        return Words()
            .Zip(wanted.Words())
            .Where(pair => pair.First.Value != pair.Second.Value)
            .Select(pair => $"{pair.First.Name} {Short(pair.First.Value)}, not {Short(pair.Second.Value)}")
            .FirstOrDefault();
    }

    /// <summary>A folder name for features under these settings: 16 hexadecimal digits.</summary>
    public string FolderName() => Digest[..16];

    private IEnumerable<(string Name, string Value)> Words()
    {
        yield return ("the model", ModelSha256);
        yield return ("the adapter", Adapter);
        yield return ("adapter version", AdapterVersion);
        yield return ("parameters", Parameters is null ? "all" : $"'{Parameters}'");
        yield return ("the number of attributed parameters", Text(AttributedParameters));
        yield return ("the kinds", string.Join(", ", Kinds));
        yield return ("the metric", MetricSha256 ?? "none");
        yield return ("timesteps", string.Join(", ", Timesteps.Select(t => Text(t))));
        yield return ("replicates", Text(Replicates));
        yield return ("seed", Text(Seed));
        yield return ("projection", Projection);
        yield return ("precision", Precision);
        yield return ("the tool's computation", Text(Computation));
        yield return ("the part of the parameters", AttributedPart is null ? "all" : $"'{AttributedPart}'");
        yield return ("the first noise draw", Text(FirstReplicate));
    }

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);

    // Enough of a long list to tell it by; SHA-256 in full.
    private static string Short(string value) => value.Length <= 80 ? value : value[..76] + " …";
}
