using DasAudit.Cli.CommandLine;
using DasAudit.Cli.Native;
using DasAudit.Cli.Output;
using DasAudit.Clip;
using DasAudit.Core.Conformance;
using DasAudit.Core.Datasets;
using DasAudit.Core.Models;

namespace DasAudit.Cli.Commands.Doctor;

/// <summary>Says what the program takes a path for: a model, an image encoder or a dataset.</summary>
internal sealed class PathExamination(AdapterSelection adapters, TorchRuntime torch)
{
    private const int MostSkipped = 20;

    /// <summary>What is recognised, by name; the first names the kind.</summary>
    /// <exception cref="AuditException">It is none of the three, or damaged.</exception>
    public IEnumerable<(string Name, CheckResult Result)> Examine(
        string path,
        Invocation invocation,
        CancellationToken cancellation
    )
    {
        var full = invocation.Resolve(path);
        if (!Path.Exists(full))
            throw new AuditException($"There is nothing at '{path}'; check the path.");
        if (HoldsOnnx(full))
            return Encoder(path, full);
        return LooksLikeModel(full) || IsRecognised(path, invocation)
            ? Model(path, invocation)
            : Dataset(path, full, cancellation);
    }

    // A folder of an image encoder can hold the weights of a model too, so it comes first.
    private static bool HoldsOnnx(string path)
    {
        if (File.Exists(path))
            return path.EndsWith(".onnx", StringComparison.OrdinalIgnoreCase);
        string[] folders = [path, Path.Combine(path, "onnx"), Path.Combine(path, "visual")];
        return folders.Where(Directory.Exists).Any(folder => Directory.EnumerateFiles(folder, "*.onnx").Any());
    }

    private static bool LooksLikeModel(string path)
    {
        if (File.Exists(path))
            return UnknownModel.Describe(path) is not null;
        string[] signs = ["model_index.json", "config.json", "adapter_config.json", "unet", "transformer"];
        return signs.Any(sign => Path.Exists(Path.Combine(path, sign)))
            || Directory.EnumerateFiles(path, "*.safetensors").Any();
    }

    private bool IsRecognised(string path, Invocation invocation)
    {
        try
        {
            adapters.ModelAsStated(invocation, path);
            return true;
        }
        catch (AuditException)
        {
            return false;
        }
    }

    private List<(string Name, CheckResult Result)> Model(string path, Invocation invocation)
    {
        var session = torch.Start(invocation.Device, invocation.Threads);
        var source = adapters.Model(invocation, path);
        using var model = source.Load(session.Device);
        return
        [
            ("model", CheckResult.Ok($"loaded by the adapter {source.Adapter.Name}")),
            .. LoadedModel.Facts(model, source).Select(fact => (fact.Name, CheckResult.Ok(fact.Detail))),
            .. model.Assumptions.Select(Assumed),
        ];
    }

    private static List<(string Name, CheckResult Result)> Encoder(string path, string full)
    {
        using var encoder = OnnxImageEncoder.Open(full, threads: 1);
        var description = encoder.Description;
        var folder = File.Exists(full) ? Path.GetDirectoryName(full)! : full;
        var files = description.Weights.Prepend(description.Model).Select(file => Path.GetRelativePath(folder, file));
        return
        [
            ("encoder", CheckResult.Ok($"{encoder.Name}, embeddings of {description.Dimension} numbers")),
            ("files", CheckResult.Ok(string.Join(", ", files))),
            ("input", CheckResult.Ok(description.Input)),
            ("output", CheckResult.Ok(description.Output)),
            ("preprocessing", CheckResult.Ok($"{description.Preprocessing} ({description.PreprocessingSource})")),
            .. encoder.Assumptions.Select(Assumed),
        ];
    }

    private static List<(string Name, CheckResult Result)> Dataset(
        string path,
        string full,
        CancellationToken cancellation
    )
    {
        var set = TrainingSetLoader.Load(full, new() { ShownAs = path }, progress: null, cancellation);
        var summary = DatasetSummary.Of(set);
        var skipped = set
            .Skipped.Take(MostSkipped)
            .Select(picture => new CheckResult(CheckStatus.Warn, picture.Reason));
        return
        [
            ("dataset", CheckResult.Ok($"{summary.Kind}, {Numbers.Count(summary.Pictures, "picture")}")),
            ("sizes", CheckResult.Ok(Values(summary.Sizes))),
            ("splits", CheckResult.Ok(Values(summary.Splits))),
            ("rights holders", Rights(summary.RightsHolders)),
            ("licences", Rights(summary.Licenses)),
            ("labels", CheckResult.Ok(Values(summary.Labels))),
            .. set.Notes.Select(Assumed),
            .. skipped.Select(result => ("left out", result)),
        ];
    }

    private static (string Name, CheckResult Result) Assumed(string sentence) =>
        ("note", new(CheckStatus.Warn, sentence));

    private static CheckResult Rights(IReadOnlyList<ValueCount> values)
    {
        var unstated = values.Where(value => value.Value is null).Sum(value => value.Count);
        return unstated == 0
            ? CheckResult.Ok(Values(values))
            : CheckResult.Warn(Values(values), "state them in metadata.jsonl, see docs/formats.md");
    }

    private static string Values(IReadOnlyList<ValueCount> values)
    {
        const int most = 6;
        var shown = values.Take(most).Select(value => $"{value.Value ?? "(not stated)"} {Numbers.Count(value.Count)}");
        var text = string.Join(", ", shown);
        return values.Count > most ? $"{text} and {Numbers.Count(values.Count - most)} more" : text;
    }
}
