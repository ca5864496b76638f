using System.Security.Cryptography;
using System.Text;
using DasAudit.Core.Reports;
using DasAudit.Core.Uncertainty;

namespace DasAudit.Testing;

/// <summary>Reports as an audit would make them, with invented figures.</summary>
internal static class SampleReport
{
    internal static readonly DateTimeOffset Created = new(2026, 3, 14, 9, 26, 53, 589, TimeSpan.Zero);

    /// <summary>The id of the report made as the given one after <see cref="Created"/>.</summary>
    internal static string Id(int number) =>
        Ulid.NewUlid(Created.AddSeconds(number), [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]).ToString();

    /// <summary>A report with the pictures that it shows.</summary>
    internal static StoredReport Create(int number = 0, int attributions = 5)
    {
        var report = Report(number, attributions);
        var thumbnails = report.Attributions.ToDictionary(
            a => a.Sha256,
            a => TinyPng.Create((byte)(a.Rank * 40), (byte)(255 - a.Rank * 20), 90)
        );
        thumbnails[report.Query.Sha256] = TinyPng.Create(250, 200, 20, 8);
        return new(report, thumbnails);
    }

    /// <summary>Without what may be left out: one replicate, no encoder, no rights, one group, no pictures.</summary>
    internal static StoredReport Sparse()
    {
        var report = Report(0, 2);
        return new(
            report with
            {
                Encoder = null,
                Method = report.Method with
                {
                    Replicates = 1,
                    DampingValues = [0.01],
                    CandidateLimit = null,
                    IncludedOwners = [],
                    Parameters = "up_blocks",
                    QueryClass = 3,
                },
                Dataset = report.Dataset with { Skipped = 0 },
                Attributions =
                [
                    .. report.Attributions.Select(a => new AttributedPicture
                    {
                        Rank = a.Rank,
                        Item = a.Item,
                        Sha256 = a.Sha256,
                        Score = a.Score,
                        Direction = a.Direction,
                    }),
                ],
                Groups = [new("(not stated)", 1, null, null, 120)],
                Environment = report.Environment with { Threads = 1 },
                Limits = [],
            },
            new Dictionary<string, byte[]>()
        );
    }

    /// <summary>A report whose pictures and groups were tested against chance.</summary>
    internal static StoredReport WithEvidence()
    {
        var sample = Create(attributions: 4);
        var pool = new NullPool(NullPoolKind.Decoys, 598, 1 / 599.0);
        EvidenceStrength[] words =
        [
            EvidenceStrength.Strong,
            EvidenceStrength.Moderate,
            EvidenceStrength.Weak,
            EvidenceStrength.NotEstablished,
        ];
        return sample with
        {
            Report = sample.Report with
            {
                Auditor = "A. Example, Example & Partners",
                Attributions =
                [
                    .. sample.Report.Attributions.Select(
                        (a, i) =>
                            a with
                            {
                                PValue = 0.0016694490818030051 * (i + 1),
                                QValue = 0.045 * (i + 1),
                                TopProbability = 1 - 0.125 * i,
                                Strength = words[i],
                            }
                    ),
                ],
                Groups =
                [
                    .. sample.Report.Groups.Select(
                        (g, i) =>
                            i == 3 ? g : g with { PValue = 0.0001 * Math.Pow(10, i), QValue = 0.0004 * Math.Pow(10, i) }
                    ),
                ],
                Evidence = new()
                {
                    NullPool = pool,
                    QValues = "benjamini-hochberg",
                    Top = 20,
                    Icc = 0.8125,
                    RankStability = new(0.75, 0.5, 20),
                    GroupDraws = 10_000,
                    Definition = EvidenceDefinition.Of(20, pool, noise: true, 120),
                    Meaning = pool.Meaning(120),
                },
            },
        };
    }

    /// <summary>A report with a damping curve and band and the most influential subset.</summary>
    internal static StoredReport WithCurve()
    {
        var sample = Create(attributions: 3);
        return sample with
        {
            Report = sample.Report with
            {
                Method = sample.Report.Method with { Damping = "band" },
                DampingCurve =
                [
                    new(0.9, 1.5e-5, 0.84375, 0.0625, 0.25),
                    new(0.1, 0.012, 0.96875, 0.015625, 0.875),
                    new(0.01, 3.25, null, null, null),
                ],
                DampingBand = new(
                    0.96875,
                    [
                        .. sample.Report.Attributions.Select(a => new DampingBandItem(
                            a.Item,
                            a.Score,
                            a.Score / (8 * a.Rank)
                        )),
                    ]
                ),
                Subset = new("adaptive", ["faces/1.png", "faces/3.png"], [4.1834e-6, 9.5e-6]),
            },
        };
    }

    /// <summary>A report in which every text that can come from a file or a person is the given one.</summary>
    internal static StoredReport WithEveryText(string text)
    {
        var report = Report(0, 3);
        return new(
            report with
            {
                Tool = new(text, text),
                Auditor = text,
                Query = report.Query with { Path = text, PixelSha256 = text },
                Model = new(text, text, text, text, text, 1, 1)
                {
                    Files = [new(text, text)],
                    Schedule = text,
                    PredictionType = text,
                    ScheduleSource = text,
                },
                Dataset = report.Dataset with { Path = text, Root = text },
                Encoder = new(text, text) { Preprocessing = text, PreprocessingSource = text },
                Method = report.Method with
                {
                    Id = text,
                    OutputFunction = text,
                    Projection = text,
                    Damping = text,
                    Residual = text,
                    Parameters = text,
                    IncludedOwners = [text],
                    Retrained = new(2, text),
                },
                Candidates = new(3, [new(text, 3)]),
                Attributions =
                [
                    .. report.Attributions.Select(a =>
                        a with
                        {
                            Item = text,
                            Sha256 = text,
                            Tiers = [text, text],
                            Title = text,
                            License = text,
                            RightsHolder = text,
                            Author = text,
                            Source = text,
                        }
                    ),
                ],
                GroupedBy = report.GroupedBy,
                Groups = [new(text, 0.7, 0.6, 0.8, 2), new(text, 0.3, 0.2, 0.4, 1)],
                Environment = new(text, text, text, text, 1),
                Timings = new Dictionary<string, double> { [text] = 1 },
                Limits = [text],
                Subset = new(text, [text], [1]),
                DampingBand = new(0.5, [new(text, 1, 0.1)]),
                Evidence = new()
                {
                    QValues = text,
                    Top = 1,
                    GroupDraws = 1,
                    NullPool = new(NullPoolKind.Queries, 1, 0.5),
                    Definition = [text, text],
                    Meaning = [text],
                },
            },
            new Dictionary<string, byte[]>
            {
                [report.Query.Sha256] = TinyPng.Create(1, 2, 3),
                [text] = TinyPng.Create(4, 5, 6),
            }
        );
    }

    internal static string Sha256(string text) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    private static AuditReport Report(int number, int attributions) =>
        new()
        {
            Id = Id(number),
            CreatedUtc = Created.AddSeconds(number),
            Tool = new("0.1.0", "3d4a417"),
            Query = new($"generated/{number}.png", Sha256($"query {number}"), Sha256($"pixels {number}"), 32, 32),
            Model = new("diffusers", "0.1.0.0", Sha256("adapter"), "model", Sha256("weights"), 1_234_567, 1_234_000)
            {
                Files =
                [
                    new("scheduler/scheduler_config.json", Sha256("schedule")),
                    new("unet/diffusion_pytorch_model.safetensors", Sha256("unet")),
                ],
            },
            Dataset = new("dataset", Sha256("root"), 330, 2),
            Encoder = new("faces", Sha256("encoder")),
            Method = new()
            {
                Id = "das",
                Seed = 0,
                OutputFunction = "mean",
                Timesteps = [50, 150, 250, 350, 450, 550, 650, 750, 850, 950],
                Replicates = 4,
                Projection = "sjlt:4096",
                Damping = "df:0.1",
                DampingValues = [0.012345678901234567, 0.0125, 0.0119, 0.0121],
                Residual = "none",
                CandidateLimit = 1000,
                IncludedOwners = ["OpenMoji"],
            },
            Candidates = new(
                120,
                [new("exact", 0), new("near-duplicate", 3), new("semantic", 100), new("control", 20)]
            ),
            Attributions = [.. Enumerable.Range(1, attributions).Select(Attribution)],
            GroupedBy = "rights-holder",
            Groups =
            [
                new("Google LLC", 0.62, 0.55, 0.69, 40),
                new("Twitter, Inc and other contributors", 0.2, 0.15, 0.26, 41),
                new("OpenMoji", 0.12, 0.09, 0.16, 33),
                new("(not stated)", 0.06, 0.02, 0.1, 6),
            ],
            Environment = new("Debian GNU/Linux 12 (bookworm)", ".NET 10.0.1", "2.10.0", "cpu", 2),
            Timings = new Dictionary<string, double>
            {
                ["hashing"] = 0.41,
                ["candidates"] = 1.27,
                ["gradients"] = 9.8125,
                ["scores"] = 0.036,
            },
            Limits =
            [
                "Only 120 of 330 training pictures were scored.",
                "The intervals say how far the noise moves the scores; they do not say how far training again would.",
            ],
        };

    private static AttributedPicture Attribution(int rank)
    {
        var (holder, license) = (rank % 3) switch
        {
            1 => ("Google LLC", "Apache-2.0"),
            2 => ("Twitter, Inc and other contributors", "CC-BY-4.0"),
            _ => ("OpenMoji", "CC-BY-SA-4.0"),
        };
        return new()
        {
            Rank = rank,
            Item = $"faces/{rank}.png",
            Sha256 = Sha256($"item {rank}"),
            Score = 4.1834e-6 / rank,
            StandardError = 2.1e-7 / rank,
            Direction = rank % 4 == 0 ? -1 : 1,
            Similarity = 0.98 - 0.03 * rank,
            Tiers = rank == 1 ? ["near-duplicate", "semantic"] : ["semantic"],
            Title = $"grinning face {rank}",
            License = license,
            RightsHolder = holder,
            Author = rank % 3 == 0 ? "Emily Jäger" : null,
            Source = $"https://example.org/faces/{rank}",
        };
    }
}
