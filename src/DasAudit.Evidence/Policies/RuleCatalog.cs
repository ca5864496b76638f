namespace DasAudit.Evidence.Policies;

/// <summary>All rules, by number. A number is never given to another rule.</summary>
internal static class RuleCatalog
{
    private const string Evidence = "the least evidence word with which the rule keeps its severity";

    internal static RuleDescription AttributionLicense { get; } =
        new()
        {
            Id = "DAS0001",
            Name = "attribution-license",
            Title = "No attribution to a picture whose licence is not allowed",
            Explanation =
                "Looks at the pictures that a report lists, whose score is above 'above' (of the same scale as the "
                + "report's scores) or above the part 'abovePart' of the report's largest score; by default at all "
                + "whose score is above 0. It is hit by each whose licence 'licenses' does not allow, and by each "
                + "without a licence. Of a licence expression with OR one part must be allowed, with AND all parts.",
            Remedy =
                "Generate the picture anew, get the right to use the training picture, or state its licence in the "
                + "dataset's metadata and audit again.",
            Severity = PolicySeverity.Error,
            Members =
            [
                ("licenses", "the allowed licences: SPDX identifiers, or LicenseRef-… for others; required"),
                ("above", "only scores above this number"),
                ("abovePart", "only scores above this part of the report's largest score, such as 0.1 or \"10%\""),
                ("minimumEvidence", Evidence),
            ],
            Example = """{ "rule": "attribution-license", "licenses": ["CC0-1.0", "CC-BY-4.0"], "abovePart": "10%" }""",
        };

    internal static RuleDescription HolderShare { get; } =
        new()
        {
            Id = "DAS0002",
            Name = "holder-share",
            Title = "No rights holder has more than so much of a picture",
            Explanation =
                "Looks at the shares of rights holders in a report, and is hit by each above 'above'. With 'holders' "
                + "only these are looked at. A share is taken to be as well evidenced as the best evidenced picture "
                + "of its holder that the report lists. A report whose shares are summed by something else hits it.",
            Remedy = "Generate the picture anew, or agree with the rights holder and waive the finding.",
            Severity = PolicySeverity.Error,
            Members =
            [
                ("above", "the largest share that is allowed, such as 0.2 or \"20%\"; required"),
                ("holders", "the rights holders that are looked at; by default all"),
                ("minimumEvidence", Evidence),
            ],
            Example = """{ "rule": "holder-share", "above": "20%", "holders": ["Example Pictures Ltd"] }""",
        };

    internal static RuleDescription AttributionOptOut { get; } =
        new()
        {
            Id = "DAS0003",
            Name = "attribution-opt-out",
            Title = "No attribution to a picture on which training is refused",
            Explanation =
                "Looks at what is said, in and beside the files of the pictures that a report lists, on training and "
                + "mining; reports repeat it. It is hit by each picture with a score above 0 and an opt-out, and, "
                + "with 'conditions', by each whose use has conditions that a person must read.",
            Remedy = "Generate the picture anew, or get the right to use the training picture and waive the finding.",
            Severity = PolicySeverity.Error,
            Members =
            [
                ("conditions", "whether conditions of use hit it too; default false"),
                ("minimumEvidence", Evidence),
            ],
            Example = """{ "rule": "attribution-opt-out", "conditions": true }""",
        };

    internal static RuleDescription DatasetLicense { get; } =
        new()
        {
            Id = "DAS0004",
            Name = "dataset-license",
            Title = "No dataset picture without a licence",
            Explanation =
                "Looks at a dataset as 'dataset check' does, and is hit by each picture without a licence, or that "
                + "the metadata do not list.",
            Remedy = "State the picture's licence in the dataset's metadata, or remove the picture.",
            Severity = PolicySeverity.Error,
            Example = """{ "rule": "dataset-license" }""",
        };

    internal static RuleDescription DatasetContradiction { get; } =
        new()
        {
            Id = "DAS0005",
            Name = "dataset-contradiction",
            Title = "No dataset picture with contradictory rights",
            Explanation =
                "Looks at a dataset as 'dataset check' does, and is hit by each picture whose licence or rights "
                + "holder contradicts that of a copy, of a file that speaks for the whole dataset, or of the "
                + "picture's own file.",
            Remedy = "Find out which statement is right, and correct the other.",
            Severity = PolicySeverity.Error,
            Example = """{ "rule": "dataset-contradiction" }""",
        };

    internal static RuleDescription DatasetOptOut { get; } =
        new()
        {
            Id = "DAS0006",
            Name = "dataset-opt-out",
            Title = "No dataset picture on which training is refused",
            Explanation =
                "Looks at a dataset as 'dataset check' does (XMP, C2PA, tdmrep.json, ai.txt, robots.txt), and is hit "
                + "by each picture with an opt-out and, with 'conditions', by each whose use has conditions.",
            Remedy = "Remove the picture from the dataset, or get the right to use it and waive the finding.",
            Severity = PolicySeverity.Error,
            Members = [("conditions", "whether conditions of use hit it too; default false")],
            Example = """{ "rule": "dataset-opt-out" }""",
        };

    internal static RuleDescription PictureReport { get; } =
        new()
        {
            Id = "DAS0007",
            Name = "picture-report",
            Title = "Every shipped picture has a stored report",
            Explanation =
                "Looks at picture files: those that are named, or, if none is, those that 'pictures' matches. It is "
                + "hit by each of whose pixels the store holds no report.",
            Remedy = "Audit the picture: 'das-audit audit PICTURE --model … --dataset …'.",
            Severity = PolicySeverity.Error,
            Members = [("pictures", "patterns of files, relative to the policy's folder, such as assets/**/*.png")],
            Example = """{ "rule": "picture-report", "pictures": ["assets/**/*.png"] }""",
        };

    internal static RuleDescription ReportVerified { get; } =
        new()
        {
            Id = "DAS0008",
            Name = "report-verified",
            Title = "Every report is what it was when it was made",
            Explanation =
                "Is hit by a stored report that is not what was stored, by a bundle that was altered or that one of "
                + "'keys' did not sign, and by a report in a plain JSON file, which anybody can have written.",
            Remedy =
                "Name the stored report or a signed bundle; if these were altered, restore the store or audit again.",
            Severity = PolicySeverity.Error,
            Members =
            [
                ("keys", "files of public keys, relative to the policy's folder, that must all have signed a bundle"),
            ],
            Example = """{ "rule": "report-verified", "keys": ["lab.pub.pem"] }""",
        };

    internal static RuleDescription ReportCurrent { get; } =
        new()
        {
            Id = "DAS0009",
            Name = "report-current",
            Title = "No report is older than the model's weights",
            Explanation =
                "Compares the hash of weights in a report with that of the model: the one that is named, else the one "
                + "at the path that the report states. It is hit where they differ, or where there is no such model.",
            Remedy = "Audit the picture again with the model as it is now, or name the right model.",
            Severity = PolicySeverity.Error,
            Example = """{ "rule": "report-current" }""",
        };

    internal static RuleDescription ModelEvaluated { get; } =
        new()
        {
            Id = "DAS0010",
            Name = "model-evaluated",
            Title = "It was measured how far the scores on a model can be trusted",
            Explanation =
                "Is hit by a model, and by the model of a report, on which the store holds no evaluation: any, or one "
                + "of each that 'evaluations' names.",
            Remedy = "Evaluate the model: 'das-audit evaluate lds --model … --dataset …'.",
            Severity = PolicySeverity.Warning,
            Members =
            [
                ("evaluations", "commands of evaluate that must have been run, such as lds; by default any one"),
            ],
            Example = """{ "rule": "model-evaluated", "evaluations": ["lds"] }""",
        };

    internal static RuleDescription WaiverExpired { get; } =
        new()
        {
            Id = "DAS0011",
            Name = "waiver-expired",
            Title = "No waiver has expired",
            Explanation =
                "Is part of every policy. It is hit by each waiver whose last day is over; the waiver then waives "
                + "nothing.",
            Remedy = "Remove the waiver, or agree on it anew and give it another 'until'.",
            Severity = PolicySeverity.Warning,
            Example = """{ "rule": "waiver-expired", "severity": "error" }""",
        };

    /// <summary>All, by number.</summary>
    internal static IReadOnlyList<RuleDescription> All { get; } =
    [
        AttributionLicense,
        HolderShare,
        AttributionOptOut,
        DatasetLicense,
        DatasetContradiction,
        DatasetOptOut,
        PictureReport,
        ReportVerified,
        ReportCurrent,
        ModelEvaluated,
        WaiverExpired,
    ];

    /// <summary>The rule of a number or a name; null for none.</summary>
    internal static RuleDescription? Find(string text) =>
        All.FirstOrDefault(rule => rule.Name == text || rule.Id.Equals(text, StringComparison.OrdinalIgnoreCase));
}
