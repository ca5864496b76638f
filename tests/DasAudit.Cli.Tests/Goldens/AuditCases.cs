namespace DasAudit.Cli.Tests.Goldens;

/// <summary>Audits of every kind, of a few seconds: fifteen pictures, two timesteps, two noise draws.</summary>
internal static class AuditCases
{
    /// <summary>The options that make an audit quick.</summary>
    public const string Numbers = "--timesteps 2 --replicates 2 --projection sjlt:64";

    private const string Common = "--adapter diffusers --threads 2 --quiet --json --top 3";
    private const string Pictures = $"--dataset pictures {Numbers}";
    private const string Features = $"{Pictures} --adapter diffusers --threads 2 --quiet --json";
    private const string Anew = "--no-features";
    private const string All = "--candidates all";

    /// <summary>The options that decide features of the sample's model.</summary>
    public const string SampleFeatures = $"--model model {Features}";

    /// <summary>The same of the tiny model.</summary>
    public const string TinyFeatures = $"--model tiny {Features}";

    private const string OtherMethods =
        "das-v,das-loo,das-signed,das-official,das-official-0,pva,pva-mini,d-trak,d-trak:mean,d-trak:weighted-mse,"
        + "d-trak:l1-norm,d-trak:l2-norm,d-trak:linf-norm,trak,journey-trak,tracin,gradient-dot,gradient-cosine,"
        + "diffusion-retrac,relative-if,l-relative-if,renormalized-if,dmin,datainf,kfac,ekfac,pixel,pixel-dot,"
        + "pixel-ridge,activation-ridge,random";

    private const string Moments = "tiny/checkpoints/0000002/second-moments.safetensors";

    public static IReadOnlyList<GoldenCase> Cases { get; } =
    [
        Sample("default", All),
        Sample("damping-df", $"{All} --damping df:0.3 --residual rms --group-by license"),
        Sample("damping-trace", $"{All} --damping trace:0.1 --residual rms-over-norm --group-by author"),
        Sample("damping-fixed", $"{All} --damping fixed:0.01 --residual rms-per-timestep"),
        Sample("damping-recall", $"{All} --damping recall"),
        Sample("damping-band", $"{All} --damping band"),
        Sample("damping-band-range", $"{All} --damping band:0.1-0.5 --subset 3"),
        Sample("decoys-folder", $"{All} --decoys decoys"),
        Sample("decoys-split", $"{All} --decoys split:test"),
        Sample("null-queries", $"{All} --null-queries others"),
        Sample("background", "--encoder encoder --candidates 4 --background 3"),
        Sample("background-all", "--encoder encoder --candidates 4 --background all"),
        Sample("encoder", "--encoder encoder --candidates 4 --include-owner 'Google LLC' --group-by cluster"),
        Sample("several", $"seed-1.png {All}"),
        Sample("split", $"{All} --split train --strict --seed 5").Replace(Numbers, "--timesteps 1 --replicates 1"),
        Tiny("every-method", $"--compare {OtherMethods}"),
        Tiny("das-v", "--method das-v --damping gcv --subset 2"),
        Tiny("das-loo", "--method das-loo --compare das-signed --subset 2"),
        Tiny("pva", "--method pva --compare pva-mini"),
        Tiny("d-trak", "--method d-trak --subset 2 --decoys decoys"),
        Tiny("journey-trak", "--method journey-trak --query-seed 0"),
        Tiny("gradient-cosine", "--method gradient-cosine --subset 2"),
        Tiny("ekfac", "--method ekfac --compare kfac"),
        Tiny("clip", "--method clip --encoder encoder"),
        Tiny("pixel-ridge", "--method pixel-ridge --decoys split:test"),
        Tiny("activation-ridge", "--method activation-ridge"),
        Tiny("random", "--method random"),
        Tiny("datamodel", "--method datamodel --compare empirical-influence --retrained parts"),
        Tiny("half", "--features half").Replace(Anew, ""),
        Tiny("conditional", "--class 1").Replace("--model tiny", "--model conditional"),
        Projected("rademacher", "rademacher:64 --parameters up_blocks"),
        Projected("gaussian", "gaussian:64 --precision bf16"),
        Projected("layers", $"layers:16 --metric {Moments}"),
        Projected("logra", "logra:2x2"),
        Projected("none", "none"),
    ];

    /// <summary>Those whose reports are exported in every format: all that a page can show.</summary>
    public static IReadOnlySet<string> Exported { get; } =
        new HashSet<string>
        {
            "default",
            "damping-band",
            "decoys-folder",
            "null-queries",
            "background",
            "encoder",
            "several",
            "every-method",
            "das-v",
            "das-loo",
            "gradient-cosine",
            "clip",
            "random",
            "datamodel",
            "half",
            "conditional",
        };

    /// <summary>The store that a case's reports go to; all share the features beside it.</summary>
    public static string Store(string name) => $"stores/{name}.db";

    // Features were kept before: these read them.
    private static GoldenCase Sample(string name, string options) =>
        new(name, $"audit seed-0.png --model model {Pictures} {Common} {To(name)} {options}");

    private static GoldenCase Tiny(string name, string options) =>
        new(name, $"audit made/seed-0.png --model tiny {Pictures} {Common} {To(name)} {All} {Anew} {options}");

    private static GoldenCase Projected(string name, string projection) =>
        Tiny($"projection-{name}", "").Replace("sjlt:64", projection);

    private static string To(string name) => $"--store {Store(name)}";

    // The first occurrence alone.
    private static GoldenCase Replace(this GoldenCase audit, string before, string after)
    {
        var at = audit.CommandLine.IndexOf(before, StringComparison.Ordinal);
        return audit with { CommandLine = audit.CommandLine[..at] + after + audit.CommandLine[(at + before.Length)..] };
    }
}
