using DasAudit.Abstractions;
using DasAudit.Benchmarks.Gradients;
using DasAudit.Core.Torch;
using TorchSharp;
using static TorchSharp.torch;
using Layer = TorchSharp.torch.nn.Module<TorchSharp.torch.Tensor, TorchSharp.torch.Tensor>;

namespace DasAudit.Benchmarks.Devices;

/// <summary>
/// Which layers of a model give a row other bits where it stands in another place of a batch: each layer that gets the
/// same bits, forward or backward, and gives others.
/// </summary>
internal static class PlacesProbe
{
    private const int Rows = 256;

    public static void Run(string deviceName, string[] models, bool json)
    {
        var device = new Device(deviceName);
        DeviceNumbers.Begin(device.type);
        Output.WriteHeader(json, $"{"model", -17} {"way", -9} {"layer", -12} {"input", -20} name");
        foreach (var name in models)
        foreach (var difference in Differences(name, device))
            Output.Write(
                json,
                difference,
                $"{difference.Model, -17} {difference.Way, -9} {difference.Layer, -12} {difference.Input, -20}",
                difference.Name
            );
    }

    private static List<Difference> Differences(string name, Device device)
    {
        using var scope = NewDisposeScope();
        using var model = GradientModels.Load(name, device);
        manual_seed(1);
        var shape = model.SampleShape;
        var noisy = randn([Rows, shape.Channels, shape.Height, shape.Width], device: device);
        var timesteps = randint(model.Process.TrainTimesteps, [Rows], dtype: int64, device: device);
        var directions = randn_like(noisy);
        var calls = Record(model, noisy, timesteps, directions, scope);
        var reversed = Record(model, noisy.flip(0), timesteps.flip(0), directions.flip(0), scope);
        var differences = new List<Difference>();
        foreach (var (call, other) in calls.Zip(reversed))
        {
            var (input, output) = (IsSame(call.Input, other.Input), IsSame(call.Output, other.Output));
            var (delta, toInput) = (IsSame(call.Delta, other.Delta), IsSame(call.ToInput, other.ToInput));
            if (input && !output)
                differences.Add(Of("forward", call));
            if (delta && !toInput)
                differences.Add(Of("backward", call));
        }
        return differences;

        Difference Of(string way, Call call) =>
            new(name, way, call.Layer, string.Join('×', call.Input.shape), call.Name);
    }

    private static bool IsSame(Tensor? first, Tensor? reversed)
    {
        if (first is null || reversed is null || first.IsInvalid || reversed.IsInvalid)
            return true;
        using var scope = NewDisposeScope();
        return first.eq(reversed.flip(0)).all().item<bool>();
    }

    private static List<Call> Record(
        IDiffusionModel model,
        Tensor noisy,
        Tensor timesteps,
        Tensor directions,
        DisposeScope scope
    )
    {
        var calls = new List<Call>();
        var removals = new List<Action>();
        foreach (var (name, module) in model.Network.named_modules())
        {
            if (module is not Layer || module.children().Any())
                continue;
            removals.Add(module.OnCall((input, output) => Add(name, module, input, output)));
        }
        var start = noisy.detach().requires_grad_(true);
        var sum = (model.Predict(start, timesteps) * directions).sum();
        removals.ForEach(remove => remove());
        // What nothing depends on has no gradient.
        var tensors = calls.SelectMany(call => (Tensor[])[call.Output, call.Input]).ToList();
        var followed = tensors.Where(tensor => tensor.requires_grad).ToList();
        var gradients = autograd.grad([sum], followed, allow_unused: true);
        var byTensor = followed.Zip(gradients).ToDictionary(pair => pair.First, pair => pair.Second);
        return
        [
            .. calls.Select(call =>
                call with
                {
                    Delta = byTensor.GetValueOrDefault(call.Output),
                    ToInput = byTensor.GetValueOrDefault(call.Input),
                }
            ),
        ];

        Tensor Add(string name, nn.Module module, Tensor input, Tensor output)
        {
            calls.Add(new(name, module.GetType().Name, Keep(input), Keep(output), null, null));
            return calls[^1].Output.alias();
        }

        // Blocks dispose of what is theirs.
        Tensor Keep(Tensor tensor) => tensor.alias().MoveToOtherDisposeScope(scope);
    }

    /// <param name="Input">[B, …].</param>
    /// <param name="Delta">The gradient by its output; null where there is none.</param>
    /// <param name="ToInput">The gradient by its input, where that goes to it alone.</param>
    private sealed record Call(string Name, string Layer, Tensor Input, Tensor Output, Tensor? Delta, Tensor? ToInput);

    private sealed record Difference(string Model, string Way, string Layer, string Input, string Name);
}
