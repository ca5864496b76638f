using DasAudit.Abstractions;
using DasAudit.Benchmarks.Gradients;
using DasAudit.Core.Torch;
using TorchSharp;
using static TorchSharp.torch;
using Layer = TorchSharp.torch.nn.Module<TorchSharp.torch.Tensor, TorchSharp.torch.Tensor>;

namespace DasAudit.Benchmarks.Devices;

/// <summary>
/// Where a row gets other bits if it stands in another place of a batch: forward, each layer that gets the same bits
/// and gives others; backward, the first layers by whose output the gradient is another.
/// </summary>
internal static class PlacesProbe
{
    private const int Rows = 512;
    private const int MostBackward = 8;

    public static void Run(string deviceName, string[] models, bool json)
    {
        var device = new Device(deviceName);
        DeviceNumbers.Begin(device.type);
        Output.WriteHeader(json, $"{"model", -17} {"way", -9} {"layer", -12} {"output", -20} name");
        foreach (var name in models)
        foreach (var difference in Differences(name, device))
            Output.Write(
                json,
                difference,
                $"{difference.Model, -17} {difference.Way, -9} {difference.Layer, -12} {difference.Output, -20}",
                $"{difference.Name} before {difference.Next}"
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
        var forward = calls
            .Zip(reversed)
            .Where(pair =>
                IsSame(pair.First.Input, pair.Second.Input) && !IsSame(pair.First.Output, pair.Second.Output)
            )
            .Select(pair => Of("forward", pair.First, pair.First));
        // In the order of the backward pass: what a layer hands back is the gradient by the output of one before it.
        var backward = calls
            .Zip(reversed)
            .Index()
            .Reverse()
            .Where(pair => !IsSame(pair.Item.First.Delta, pair.Item.Second.Delta))
            .Take(MostBackward)
            .Select(pair => Of("backward", pair.Item.First, calls[Math.Min(pair.Index + 1, calls.Count - 1)]));
        return [.. forward, .. backward];

        Difference Of(string way, Call call, Call next) =>
            new(name, way, call.Layer, string.Join('×', call.Output.shape), call.Name, $"{next.Layer} {next.Name}");
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
        var followed = calls.Where(call => call.Output.requires_grad).ToList();
        var deltas = autograd.grad([sum], followed.ConvertAll(call => call.Output), allow_unused: true);
        var byName = followed.Zip(deltas).ToDictionary(pair => pair.First.Number, pair => pair.Second);
        return [.. calls.Select(call => call with { Delta = byName.GetValueOrDefault(call.Number) })];

        Tensor Add(string name, nn.Module module, Tensor input, Tensor output)
        {
            calls.Add(new(calls.Count, name, module.GetType().Name, Keep(input), Keep(output), null));
            return calls[^1].Output.alias();
        }

        // Blocks dispose of what is theirs.
        Tensor Keep(Tensor tensor) => tensor.alias().MoveToOtherDisposeScope(scope);
    }

    /// <param name="Number">Its place among the calls.</param>
    /// <param name="Input">[B, …].</param>
    /// <param name="Delta">The gradient by its output; null where there is none.</param>
    private sealed record Call(int Number, string Name, string Layer, Tensor Input, Tensor Output, Tensor? Delta);

    /// <param name="Next">Backward, the layer that was called after it: one that may have given these bits.</param>
    private sealed record Difference(string Model, string Way, string Layer, string Output, string Name, string Next);
}
