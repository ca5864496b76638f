namespace DasAudit.Cli.Tests.Goldens;

/// <summary>What is run beside audits.</summary>
internal static class OtherCases
{
    private const string Common = "--adapter diffusers --threads 2 --quiet --json";
    private const string Train = "train --dataset pictures --batch-size 4 --warmup 1";
    private const string Anything = "--candidates all --adapter diffusers --quiet";
    private const string Audit = $"audit seed-0.png --model model --dataset pictures {Anything} --store stores/bad.db";
    private const string HalfStored = "--steps 2 --half --ema 0";
    private const string Sampled = "--count 2 --seed 3 --sampler ddpm --sampling-steps 4 --class 1";
    private const string Embedded = "--encoder encoder --candidates all --method clip --store embedded/audits.db";
    private const string ToTrain = "--model tiny-config --output tiny";

    /// <summary>What audits need: models, features, a picture. Those that need others come later.</summary>
    public static IReadOnlyList<IReadOnlyList<GoldenCase>> Preparations { get; } =
    [
        [
            new("train", $"{Train} {ToTrain} --steps 4 --keep 0.5 --checkpoint-every 2 {Common}"),
            new("features-build", $"features build --store stores/any.db {AuditCases.SampleFeatures}"),
            new("train-conditional", $"{Train} --model conditional-config --output conditional {HalfStored} {Common}"),
            new("train-part-1", Part(1)),
            new("train-part-2", Part(2)),
            new("train-part-3", Part(3)),
            new("train-part-4", Part(4)),
            new("train-part-5", Part(5)),
        ],
        [
            new("features-half", $"features build --output half --format f16 {AuditCases.TinyFeatures}"),
            new("generate", $"generate --model tiny --output made --count 1 {Common}"),
            new("generate-ddpm", $"generate --model conditional --output made-ddpm {Sampled} {Common}"),
            new("embedding", $"audit seed-0.png --model model --dataset pictures {Embedded} {Common}"),
        ],
    ];

    /// <summary>Documents and texts on reports that are there, and a plan.</summary>
    public static IReadOnlyList<GoldenCase> Texts { get; } =
    [
        new("methods-list", "methods list --json"),
        new("methods-list-text", "methods list"),
        new("reports-list", $"reports list --json --store {AuditCases.Store("several")}"),
        new("reports-list-text", $"reports list --store {AuditCases.Store("several")}"),
        new("reports-query", $"reports query image=seed-1.png --json --store {AuditCases.Store("several")}"),
        new("reports-query-none", $"reports query 'share>=0.99' --json --store {AuditCases.Store("several")}"),
        new("reports-show", $"reports show 01 --store {AuditCases.Store("default")}"),
        new("reports-show-decoys", $"reports show 01 --store {AuditCases.Store("decoys-folder")}"),
        new("reports-show-methods", $"reports show 01 --store {AuditCases.Store("every-method")}"),
        new("plan", $"plan seed-0.png {AuditCases.SampleFeatures} --candidates all --store stores/plan.db"),
    ];

    public static IReadOnlyList<GoldenCase> Help { get; } =
    [
        .. new[]
        {
            "",
            "demo",
            "audit",
            "dataset",
            "dataset show",
            "dataset check",
            "dataset index",
            "dataset export",
            "features",
            "features build",
            "plan",
            "methods",
            "methods list",
            "reports",
            "reports list",
            "reports show",
            "reports query",
            "reports compare",
            "reports export",
            "reports payout",
            "reports bundle",
            "reports sign",
            "reports prove",
            "reports verify",
            "reports serve",
            "policy",
            "policy check",
            "policy explain",
            "policy new",
            "replay",
            "keys",
            "keys new",
            "keys show",
            "store",
            "store check",
            "store export",
            "store restore",
            "store compact",
            "adapters",
            "adapters list",
            "adapters check",
            "train",
            "generate",
            "doctor",
        }.Select(command => new GoldenCase(command == "" ? "tool" : command.Replace(' ', '-'), $"{command} --help")),
    ];

    /// <summary>What is refused, and how.</summary>
    public static IReadOnlyList<GoldenCase> Bad { get; } =
    [
        new("no-command", ""),
        new("unknown-command", "audti"),
        new("unknown-option", "audit seed-0.png --modle model"),
        new("no-model", "audit seed-0.png --dataset pictures"),
        new("model-not-there", $"audit seed-0.png --model nowhere --dataset pictures {Common}"),
        new("dataset-not-there", $"audit seed-0.png --model model --dataset nowhere {Common}"),
        new("picture-not-there", $"audit nowhere.png --model model --dataset pictures --candidates all {Common}"),
        new("model-without-weights", $"audit seed-0.png --model bad/unweighted --dataset pictures {Common}"),
        new("metadata-names-missing", $"audit seed-0.png --model model --dataset bad/gone --candidates all {Common}"),
        new("strict", $"audit seed-0.png --model model --dataset bad/broken --candidates all --strict {Common}"),
        new("no-encoder", $"audit seed-0.png --model model --dataset pictures --candidates 3 {Common}"),
        new("unknown-owner", $"{Audit} --include-owner Gogle"),
        new("unknown-method", $"{Audit} --method magic"),
        new("unknown-damping", $"{Audit} --damping df:2"),
        new("unknown-projection", $"{Audit} --projection sjlt:0"),
        new("unknown-split", $"{Audit} --decoys split:nowhere"),
        new("unknown-adapter", "audit seed-0.png --model model --dataset pictures --adapter magic"),
        new("too-few-timesteps", $"{Audit} --timesteps 0"),
        new("gcv-for-das", $"{Audit} --damping gcv"),
        new("two-nulls", $"{Audit} --decoys decoys --null-queries others"),
        new("retrained-for-das", $"{Audit} --retrained parts"),
        new("no-retrained", $"{Audit} --method datamodel"),
        new("too-many-classes", $"{Audit} --class 0,1"),
        new("class-without-classes", $"{Audit} --class 1 {AuditCases.Numbers}"),
        new("store-of-another", $"audit seed-0.png --model model --dataset pictures --store bad/diary.db {Common}"),
        new("no-store", "reports list --store nowhere.db"),
        new("no-report", $"reports show 7Z --store {AuditCases.Store("default")}"),
        new("bad-filter", $"reports query 'colour=red' --store {AuditCases.Store("default")}"),
        new("bad-format", $"reports export 01 --format pdf --store {AuditCases.Store("default")}"),
        new("bad-config", "reports list --config bad/config.json"),
        new("bad-part", $"{Train} --model tiny-config --output bad/part --part 1"),
        new("trained-otherwise", $"{Train} {ToTrain} --steps 5 {Common}"),
    ];

    private static string Part(int seed) =>
        $"{Train} --model tiny-config --output parts/{seed} --steps 2 --part 0.5 --part-seed {seed} {Common}";
}
