using System.Text.Json;
using DasAudit.Abstractions;
using DasAudit.Core.Conformance;
using DasAudit.Core.Files;
using DasAudit.Core.Models;
using DasAudit.Core.Reports;
using DasAudit.Safetensors;
using static TorchSharp.torch;

namespace DasAudit.Core.Tests.Conformance;

public sealed class AdapterCheckTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_sound_adapter_passes_every_check()
    {
        var told = new List<AdapterCheckResult>();

        var document = Check(Fault.None, progress: told.Add);

        Assert.True(document.Passed, string.Join("; ", document.Checks.Where(check => !check.Passed)));
        Assert.Equal(
            [
                "loads",
                "files",
                "evaluation-mode",
                "weights-finite",
                "conditions",
                "encode-decode",
                "prediction",
                "deterministic",
                "batch-independent",
                "gradients",
                "independent-copies",
            ],
            document.Checks.Select(check => check.Name)
        );
        Assert.Equal(document.Checks, told);
    }

    [Theory]
    [InlineData(Fault.NoFiles, "files", "empty")]
    [InlineData(Fault.TrainingMode, "evaluation-mode", "training mode")]
    [InlineData(Fault.ConditionsOfAnotherCount, "conditions", "Int64 [4]")]
    [InlineData(Fault.EncodesToAnotherShape, "encode-decode", "Float32 [3, 1, 4, 4]")]
    [InlineData(Fault.DoublePrecision, "prediction", "Float64")]
    [InlineData(Fault.Random, "deterministic", "differ")]
    [InlineData(Fault.DependsOnTheBatch, "batch-independent", "alone and in a batch")]
    [InlineData(Fault.LeavesAParameterOut, "gradients", "never reached: unused")]
    [InlineData(Fault.NotDifferentiable, "gradients", "not differentiable")]
    [InlineData(Fault.SharedWeights, "independent-copies", "changes the other's")]
    public void A_broken_promise_fails_its_own_check(Fault fault, string check, string detail)
    {
        var document = Check(fault);

        Assert.False(document.Passed);
        Assert.Contains(
            detail,
            document.Checks.Single(result => result.Name == check).Detail,
            StringComparison.Ordinal
        );
        // A prediction that is never the same twice cannot be the same alone, in a batch or in a copy.
        var others = fault == Fault.Random ? ["batch-independent", "independent-copies"] : Array.Empty<string>();
        Assert.Equal([check, .. others], document.Checks.Where(result => !result.Passed).Select(result => result.Name));
    }

    [Fact]
    public void Values_that_are_no_numbers_are_found_and_still_make_a_document()
    {
        var prediction = Check(Fault.NotFinite);
        var weight = Check(Fault.InfiniteWeight);

        Assert.False(prediction.Checks.Single(check => check.Name == "prediction").Passed);
        Assert.False(prediction.Checks.Single(check => check.Name == "gradients").Passed);
        Assert.Contains(
            "unused",
            weight.Checks.Single(check => check.Name == "weights-finite").Detail,
            StringComparison.Ordinal
        );
        Assert.Contains(
            "\"maxAbs\": null",
            JsonSerializer.Serialize(prediction, JsonDocuments.Options),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void A_checkpoint_that_cannot_be_loaded_ends_the_series_with_its_sentence()
    {
        var document = Check(Fault.CannotLoad);

        Assert.Equal(
            new AdapterCheckResult("loads", false, "'weights' is missing; put it there."),
            Assert.Single(document.Checks)
        );
        Assert.False(document.Passed);
    }

    [Fact]
    public void An_adapter_that_throws_fails_its_checks_and_the_others_are_made()
    {
        var document = Check(Fault.Throws);

        Assert.Equal(
            "it threw NotSupportedException: not yet",
            document.Checks.Single(check => check.Name == "prediction").Detail
        );
        Assert.Equal(11, document.Checks.Count);
        Assert.True(document.Checks.Single(check => check.Name == "encode-decode").Passed);
    }

    [Fact]
    public void The_document_is_what_scripts_rely_on()
    {
        var document = Check(Fault.None);

        using var json = JsonDocument.Parse(JsonSerializer.Serialize(document, JsonDocuments.Options));

        Assert.Equal(
            ["schema", "adapter", "passed", "checks"],
            json.RootElement.EnumerateObject().Select(property => property.Name)
        );
        Assert.Equal("das-audit/adapter-check/1", json.RootElement.GetProperty("schema").GetString());
        Assert.Equal("faulty", json.RootElement.GetProperty("adapter").GetString());
        Assert.All(
            json.RootElement.GetProperty("checks").EnumerateArray(),
            check =>
                Assert.Equal(
                    ["name", "passed", "detail", "maxAbs", "relL2"],
                    check.EnumerateObject().Select(property => property.Name)
                )
        );
    }

    [Fact]
    public void A_golden_file_made_from_the_model_passes_and_a_changed_one_fails()
    {
        var sound = Run(Write());
        var output = Run(Write(change: tensors => tensors["output"].add_(2e-3)));
        var gradient = Run(Write(change: tensors => tensors["grad_mse_stride3"][1].mul_(1.001)));

        Assert.True(sound.Passed, string.Join("; ", sound.Checks.Where(check => !check.Passed)));
        Assert.Equal(
            ["golden-output", "golden-grad-output-mean", "golden-grad-mse"],
            sound.Checks.TakeLast(3).Select(check => check.Name)
        );
        Assert.All(sound.Checks.TakeLast(3), check => Assert.InRange(check.RelL2!.Value, 0, 1e-6));
        Assert.Equal(["golden-output"], output.Checks.Where(check => !check.Passed).Select(check => check.Name));
        Assert.Equal(2e-3, output.Checks.Single(check => check.Name == "golden-output").MaxAbs!.Value, 1e-6);
        Assert.Equal(["golden-grad-mse"], gradient.Checks.Where(check => !check.Passed).Select(check => check.Name));
        Assert.Equal(1e-3, gradient.Checks.Single(check => check.Name == "golden-grad-mse").RelL2!.Value, 1e-4);
    }

    [Theory]
    [InlineData("sample", null, "hold nothing that can be compared with this model (without sample in the files: ")]
    [InlineData("timesteps", null, "(without timesteps in the files: grad_mse_stride3, grad_output_mean, output)")]
    [InlineData("class_labels", null, "(without class_labels in the files: ")]
    [InlineData(
        "sample",
        new long[] { 2, 2, 4, 8 },
        "'sample' with shape [2, 2, 4, 8] where the model asks for [2, 2, 4, 4]"
    )]
    [InlineData("sample", new long[] { 0, 2, 4, 4 }, "holds no samples")]
    [InlineData("output", new long[] { 1, 2, 4, 4 }, "'output' with shape [1, 2, 4, 4]")]
    [InlineData("timesteps", new long[] { 3 }, "'timesteps' with shape [3]")]
    [InlineData(
        "grad_output_mean",
        new long[] { 2, 5 },
        "'grad_output_mean' with shape [2, 5] where the model asks for [2, 46]"
    )]
    [InlineData(
        "grad_mse_stride3",
        new long[] { 2, 46 },
        "'grad_mse_stride3' with shape [2, 46] where the model asks for [2, 16]"
    )]
    public void A_golden_file_that_does_not_fit_is_refused_in_a_sentence(string tensor, long[]? shape, string expected)
    {
        using var scope = NewDisposeScope();
        var path = Write(change: tensors =>
        {
            if (shape is null)
                tensors.Remove(tensor);
            else
                tensors[tensor] = zeros(shape, dtype: tensors[tensor].dtype);
        });

        Assert.Contains(expected, Assert.Throws<AuditException>(() => Run(path)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("timesteps", 100, "timesteps outside the model's 0 to 99")]
    [InlineData("timesteps", -1, "timesteps outside")]
    public void Timesteps_that_the_model_does_not_have_are_refused(string tensor, long value, string expected)
    {
        var path = Write(change: tensors => tensors[tensor].fill_(value));

        Assert.Contains(expected, Assert.Throws<AuditException>(() => Run(path)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_golden_file_without_expectations_is_refused()
    {
        var path = Write(change: tensors =>
        {
            foreach (var name in new[] { "output", "grad_output_mean", "grad_mse_stride3" })
                tensors.Remove(name);
        });

        Assert.Contains(
            "hold nothing that can be compared with this model; give files",
            Assert.Throws<AuditException>(() => Run(path)).Message,
            StringComparison.Ordinal
        );
    }

    private AdapterCheckDocument Run(string golden) => Check(Fault.None, golden);

    private AdapterCheckDocument Check(
        Fault fault,
        string? golden = null,
        Action<AdapterCheckResult>? progress = null
    ) =>
        new AdapterCheck(new ModelSource(new FaultyAdapter(fault), "", "", _folder.Path, "/"), CPU).Run(
            golden is null ? [] : [golden],
            progress,
            TestContext.Current.CancellationToken
        );

    private string Write(Action<Dictionary<string, Tensor>>? change = null)
    {
        using var scope = NewDisposeScope();
        using var model = new FaultyAdapter(Fault.None).Load(_folder.Path, CPU, ModelLoadOptions.Trained);
        var (sample, noise) = (linspace(-1, 1, 64).view(2, 2, 4, 4), linspace(2, -1, 64).view(2, 2, 4, 4));
        var (timesteps, labels) = (tensor(new long[] { 3, 90 }), tensor(new long[] { 1, 2 }));
        Tensor Predict(int row) =>
            model.Predict(
                sample.narrow(0, row, 1),
                timesteps.narrow(0, row, 1),
                new(("labels", labels.narrow(0, row, 1)))
            );
        Tensor Gradient(Tensor scalar) =>
            cat([
                .. autograd
                    .grad([scalar], [.. model.Network.parameters()], allow_unused: true)
                    .Select(part => part.flatten()),
            ]);
        var tensors = new Dictionary<string, Tensor>
        {
            ["sample"] = sample,
            ["noise"] = noise,
            ["timesteps"] = timesteps,
            ["class_labels"] = labels,
            ["output"] = model.Predict(sample, timesteps, new(("labels", labels))).detach(),
            ["grad_output_mean"] = stack([Gradient(Predict(0).mean()), Gradient(Predict(1).mean())]),
            ["grad_mse_stride3"] = stack([
                .. new[] { 0, 1 }.Select(row =>
                    Gradient((Predict(row) - noise.narrow(0, row, 1)).square().mean()).slice(0, 0, 46, 3)
                ),
            ]),
        };
        change?.Invoke(tensors);
        var path = _folder[$"{Guid.NewGuid():N}.safetensors"];
        SafetensorsWriter.Write(path, tensors.Select(entry => (entry.Key, entry.Value)));
        return path;
    }
}
