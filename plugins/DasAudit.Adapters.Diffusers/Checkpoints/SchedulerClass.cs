namespace DasAudit.Adapters.Diffusers.Checkpoints;

/// <summary>
/// A scheduler class of diffusers whose forward process is x_t = √ᾱ_t·x₀ + √(1−ᾱ_t)·ε over given betas. What such
/// classes differ in is how they sample, and what stands for absent settings.
/// </summary>
/// <param name="SamplingKeys">Settings that decide sampling alone.</param>
internal sealed record SchedulerClass(params string[] SamplingKeys)
{
    private static readonly string[] Thresholds = ["thresholding", "dynamic_thresholding_ratio", "sample_max_value"];
    private static readonly string[] Sigmas = ["use_karras_sigmas", "use_exponential_sigmas", "use_beta_sigmas"];
    private static readonly string[] Shifts = ["flow_shift", "use_dynamic_shifting", "time_shift_type"];
    private static readonly string[] Solver = ["solver_order", "solver_type", "lower_order_final"];
    private static readonly string[] Dpm = [.. Thresholds, .. Sigmas, .. Shifts, .. Solver, "algorithm_type"];
    private static readonly string[] Consistency = [.. Thresholds, "original_inference_steps", "timestep_scaling"];

    private static readonly SchedulerClass Ddpm = new(Thresholds)
    {
        ClipSample = true,
        ZeroTerminalSnr = true,
        Sampler = SamplerKind.Ddim,
    };
    private static readonly SchedulerClass SdSolver = new(Sigmas)
    {
        BetaStart = 0.00085,
        BetaEnd = 0.012,
        Spacing = "linspace",
    };
    private static readonly SchedulerClass Latent = new(Consistency)
    {
        BetaStart = 0.00085,
        BetaEnd = 0.012,
        BetaSchedule = "scaled_linear",
        ZeroTerminalSnr = true,
    };

    private static readonly Dictionary<string, SchedulerClass> All = new(StringComparer.Ordinal)
    {
        ["DDPMScheduler"] = Ddpm,
        ["DDPMParallelScheduler"] = Ddpm,
        ["DDIMScheduler"] = Ddpm,
        ["DDIMParallelScheduler"] = Ddpm,
        ["DDIMInverseScheduler"] = Ddpm,
        ["RePaintScheduler"] = new("eta") { ClipSample = true },
        ["UnCLIPScheduler"] = new() { ClipSample = true, BetaSchedule = "squaredcos_cap_v2" },
        ["PNDMScheduler"] = new("skip_prk_steps") { SetAlphaToOne = false },
        ["LCMScheduler"] = Latent,
        ["TCDScheduler"] = Latent,
        ["DEISMultistepScheduler"] = new(Dpm) { Spacing = "linspace" },
        ["DPMSolverMultistepScheduler"] = new([
            .. Dpm,
            "euler_at_final",
            "use_lu_lambdas",
            "final_sigmas_type",
            "lambda_min_clipped",
        ])
        {
            Spacing = "linspace",
            ZeroTerminalSnr = true,
            Sampler = SamplerKind.DpmSolverPlusPlus,
        },
        ["DPMSolverMultistepInverseScheduler"] = new([.. Dpm, "euler_at_final", "lambda_min_clipped"])
        {
            Spacing = "linspace",
        },
        ["DPMSolverSinglestepScheduler"] = new([.. Dpm, "final_sigmas_type", "lambda_min_clipped"])
        {
            Spacing = "linspace",
        },
        ["DPMSolverSDEScheduler"] = SdSolver with { SamplingKeys = [.. Sigmas, "noise_sampler_seed"] },
        ["SASolverScheduler"] = new([.. Dpm, "predictor_order", "corrector_order", "tau_func", "lambda_min_clipped"])
        {
            Spacing = "linspace",
        },
        ["UniPCMultistepScheduler"] = new([
            .. Dpm,
            "predict_x0",
            "disable_corrector",
            "solver_p",
            "final_sigmas_type",
            "sigma_min",
            "sigma_max",
            "shift_terminal",
        ])
        {
            Spacing = "linspace",
            ZeroTerminalSnr = true,
        },
        ["EulerDiscreteScheduler"] = new([
            .. Sigmas,
            "interpolation_type",
            "sigma_min",
            "sigma_max",
            "final_sigmas_type",
        ])
        {
            Spacing = "linspace",
            ZeroTerminalSnr = true,
            Sampler = SamplerKind.Euler,
        },
        ["EulerAncestralDiscreteScheduler"] = new() { Spacing = "linspace", ZeroTerminalSnr = true },
        ["HeunDiscreteScheduler"] = SdSolver,
        ["KDPM2DiscreteScheduler"] = SdSolver,
        ["KDPM2AncestralDiscreteScheduler"] = SdSolver,
        ["LMSDiscreteScheduler"] = new(Sigmas) { Spacing = "linspace" },
    };

    /// <summary>Words in the names of classes with another forward process, and what that is.</summary>
    private static readonly (string Word, string Process)[] OtherProcesses =
    [
        ("FlowMatch", "flow matching, on straight lines between noise and picture"),
        ("FlowMap", "flow matching, on straight lines between noise and picture"),
        ("LTXEuler", "flow matching, on straight lines between noise and picture"),
        ("Helios", "flow matching, on straight lines between noise and picture"),
        ("MiniMaxH3", "flow matching, on straight lines between noise and picture"),
        ("SCM", "a process on trigonometric curves between noise and picture"),
        ("EDM", "noise of standard deviation σ added to unscaled pictures"),
        ("KarrasVe", "noise of standard deviation σ added to unscaled pictures"),
        ("CosineDPM", "noise of standard deviation σ added to unscaled pictures"),
        ("ScoreSdeVe", "a stochastic differential equation in continuous time"),
        ("ScoreSdeVp", "a stochastic differential equation in continuous time"),
        ("VQDiffusion", "a process on discrete tokens"),
        ("Amused", "a process on discrete tokens"),
        ("DiscreteDDIM", "a process on discrete tokens"),
        ("BlockRefinement", "a process on discrete tokens"),
        ("EntropyBound", "a process on discrete tokens"),
        ("CMStochasticIterative", "that of consistency models, over noise levels σ"),
        ("ConsistencyDecoder", "that of consistency models, over noise levels σ"),
        ("IPNDM", "betas of its own that no setting gives"),
        ("Wuerstchen", "a cosine in continuous time"),
        ("CogVideoX", "betas whose signal-to-noise ratio is shifted"),
    ];

    internal string BetaSchedule { get; private init; } = "linear";

    internal double BetaStart { get; private init; } = 1e-4;

    internal double BetaEnd { get; private init; } = 0.02;

    /// <summary>Whether it knows rescale_betas_zero_snr.</summary>
    internal bool ZeroTerminalSnr { get; private init; }

    internal bool ClipSample { get; private init; }

    internal bool SetAlphaToOne { get; private init; } = true;

    internal string Spacing { get; private init; } = "leading";

    /// <summary>What samples as it does, or is its stand-in, as DDIM for DDPM; null where there is none.</summary>
    internal SamplerKind? Sampler { get; private init; }

    /// <summary>The class that a scheduler's configuration names.</summary>
    /// <exception cref="AuditException">It has another forward process, or is not known.</exception>
    internal static SchedulerClass Of(JsonConfig json)
    {
        if (json.ClassName is { } name && All.TryGetValue(name, out var scheduler))
            return scheduler;
        var (_, process) = Array.Find(
            OtherProcesses,
            entry => json.ClassName?.Contains(entry.Word, StringComparison.Ordinal) == true
        );
        throw json.Refuse(
            "_class_name",
            json.ClassName,
            process is null
                ? "which is no scheduler of diffusers with betas; say with "
                    + $"{ModelLoadOptions.ScheduleName} which noise schedule the model was trained with"
                : $"whose forward process is another and not supported ({process}); supported are the "
                    + "schedulers with betas, such as DDPMScheduler and DDIMScheduler"
        );
    }
}
